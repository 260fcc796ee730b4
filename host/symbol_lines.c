/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/symbol_lines.h"

/* A name that need not end with a NUL. */
struct key {
	const char *name;
	size_t length;
};

static int by_name(const void *a, const void *b)
{
	return strcmp((*(struct symbol *const *)a)->name, (*(struct symbol *const *)b)->name);
}

static int compare_key(const void *key_, const void *symbol_)
{
	const struct key *key = key_;
	const char *name = (*(struct symbol *const *)symbol_)->name;
	int order = strncmp(key->name, name, key->length);

	return order ? order : name[key->length] ? -1 : 0;
}

static struct symbol *find(const struct symbol_search *search, const char *name, size_t length)
{
	const struct key key = { name, length };
	struct symbol **found = bsearch(&key, search->by_name, search->count,
					sizeof(*search->by_name), compare_key);

	return found ? *found : NULL;
}

static void add_near(struct symbol *symbol, const char *name)
{
	size_t used = strlen(symbol->near);

	if (used + strlen(name) + 3 <= sizeof(symbol->near))
		snprintf(symbol->near + used, sizeof(symbol->near) - used, "%s%s",
			 used ? ", " : "", name);
}

/* "[nf_tables]" */
static void set_module(struct symbol *symbol, const char *text)
{
	snprintf(symbol->module, sizeof(symbol->module), "%.*s", (int)strcspn(text, "]"), text);
}

/* "ffffffff81a0b2c0 t vfs_read.isra.0\t[module]" */
void symbol_line_kallsyms(char *line, struct symbol_search *search)
{
	char *type = strchr(line, ' '), *name, *end;
	struct symbol *symbol;
	size_t stem;

	if (!type || !type[1] || type[2] != ' ')
		return;
	name = type + 3;
	stem = strcspn(name, ".\t");
	symbol = find(search, name, stem);
	if (!symbol)
		return;
	end = name + strcspn(name, "\t");
	if (name[stem] == '.') {
		*end = '\0';
		/* Unlikely parts of a function that stand apart are no function to enter. */
		if (strchr("tTwW", type[1]) && strncmp(name + stem, ".cold", 5) != 0)
			add_near(symbol, name);
		return;
	}
	symbol->count++;
	if (symbol->count > 1)
		return;
	symbol->found = probe_yes();
	symbol->type = type[1];
	symbol->hidden = strspn(line, "0") == (size_t)(type - line);
	if (*end == '\t' && end[1] == '[')
		set_module(symbol, end + 2);
}

/* "vfs_read" or "nft_do_chain [nf_tables]" */
void symbol_line_traceable(char *line, struct symbol_search *search)
{
	struct symbol *symbol = find(search, line, strcspn(line, " \t"));

	if (symbol)
		symbol->traceable = probe_yes();
}

/* "0xffffffff81a0b2c0-0xffffffff81a0b2f0\tname" */
void symbol_line_blacklisted(char *line, struct symbol_search *search)
{
	const char *name = strchr(line, '\t');
	struct symbol *symbol = name ? find(search, name + 1, strlen(name + 1)) : NULL;

	if (symbol)
		symbol->blacklisted = probe_yes();
}

int symbol_search_init(struct symbol_search *search, struct symbol *symbols, size_t count)
{
	size_t i;

	*search = (struct symbol_search){ .count = count };
	for (i = 0; i < count; i++)
		symbols[i] = (struct symbol){ .name = symbols[i].name };
	search->by_name = calloc(count + 1, sizeof(*search->by_name));
	if (!search->by_name)
		return -ENOMEM;
	for (i = 0; i < count; i++)
		search->by_name[i] = &symbols[i];
	qsort(search->by_name, count, sizeof(*search->by_name), by_name);
	return 0;
}

void symbol_search_free(struct symbol_search *search)
{
	free(search->by_name);
	*search = (struct symbol_search){ .by_name = NULL };
}

size_t symbol_lines_take(char *chunk, size_t size, symbol_line_reader *read_one,
			 struct symbol_search *search)
{
	char *at = chunk, *end;

	while ((end = memchr(at, '\n', size - (size_t)(at - chunk)))) {
		*end = '\0';
		read_one(at, search);
		at = end + 1;
	}
	size -= (size_t)(at - chunk);
	memmove(chunk, at, size);
	return size < SYMBOL_CHUNK_SIZE ? size : 0; /* a line without end is none of ours */
}
