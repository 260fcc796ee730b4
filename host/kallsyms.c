/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host/kallsyms.h"
#include "host/root.h"

/* Longer than any line: names end at 512 bytes (KSYM_NAME_LEN). */
enum { CHUNK_SIZE = 16 * 1024 };

struct search {
	struct symbol **by_name; /* sorted */
	size_t count;
};

/* A name that need not end with a NUL. */
struct key {
	const char *name;
	size_t length;
};

/* One line of a list, without its end; it may be cut to pieces. */
typedef void line_reader(char *line, struct search *search);

bool symbol_is_function(const struct symbol *symbol)
{
	return symbol->type && strchr("tTwW", symbol->type) != NULL;
}

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

static struct symbol *find(const struct search *search, const char *name, size_t length)
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
static void read_symbol(char *line, struct search *search)
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
static void read_traceable(char *line, struct search *search)
{
	struct symbol *symbol = find(search, line, strcspn(line, " \t"));

	if (symbol)
		symbol->traceable = probe_yes();
}

/* "0xffffffff81a0b2c0-0xffffffff81a0b2f0\tname" */
static void read_blacklisted(char *line, struct search *search)
{
	const char *name = strchr(line, '\t');
	struct symbol *symbol = name ? find(search, name + 1, strlen(name + 1)) : NULL;

	if (symbol)
		symbol->blacklisted = probe_yes();
}

/* Hands out the lines that are whole; the rest moves to the front.  Gives its size. */
static size_t hand_out(char *chunk, size_t size, line_reader *read_one, struct search *search)
{
	char *at = chunk, *end;

	while ((end = memchr(at, '\n', size - (size_t)(at - chunk)))) {
		*end = '\0';
		read_one(at, search);
		at = end + 1;
	}
	size -= (size_t)(at - chunk);
	memmove(chunk, at, size);
	return size < CHUNK_SIZE ? size : 0; /* a line without end is none of ours */
}

static int read_list(int dir_fd, const char *path, line_reader *read_one, struct search *search)
{
	int fd = dir_fd < 0 ? dir_fd : root_open_file(dir_fd, path), code = 0;
	char chunk[CHUNK_SIZE];
	size_t left = 0;
	ssize_t got;

	if (fd < 0)
		return fd;
	while ((got = read(fd, chunk + left, sizeof(chunk) - left)) != 0) {
		if (got > 0) {
			left = hand_out(chunk, left + (size_t)got, read_one, search);
		} else if (errno != EINTR) {
			code = -errno;
			break;
		}
	}
	close(fd);
	return code;
}

/* What a list said of those that it did not name. */
static struct probe of_the_others(int code)
{
	return code ? probe_unknown(-code) : probe_no(0);
}

static void look_for_functions(int tracefs_fd, int debugfs_fd, struct search *search)
{
	struct probe untraceable, allowed;
	bool any = false;
	size_t i;

	for (i = 0; i < search->count; i++)
		any |= symbol_is_function(search->by_name[i]);
	if (!any)
		return;
	untraceable = of_the_others(read_list(tracefs_fd, "available_filter_functions",
					      read_traceable, search));
	allowed = of_the_others(read_list(debugfs_fd, "kprobes/blacklist", read_blacklisted, search));
	for (i = 0; i < search->count; i++) {
		struct symbol *symbol = search->by_name[i];

		if (!symbol_is_function(symbol))
			symbol->traceable = symbol->blacklisted = probe_unknown(0);
		else if (symbol->traceable.truth != TRUTH_YES)
			symbol->traceable = untraceable;
		if (symbol_is_function(symbol) && symbol->blacklisted.truth != TRUTH_YES)
			symbol->blacklisted = allowed;
	}
}

void kallsyms_find(int root_fd, int tracefs_fd, int debugfs_fd, struct symbol *symbols,
		   size_t count)
{
	struct search search = { .count = count };
	size_t i;
	int code = -ENOMEM;

	for (i = 0; i < count; i++)
		symbols[i] = (struct symbol){ .name = symbols[i].name };
	search.by_name = calloc(count + 1, sizeof(*search.by_name));
	if (search.by_name) {
		for (i = 0; i < count; i++)
			search.by_name[i] = &symbols[i];
		qsort(search.by_name, count, sizeof(*search.by_name), by_name);
		code = read_list(root_fd, "proc/kallsyms", read_symbol, &search);
	}
	for (i = 0; i < count; i++)
		if (symbols[i].found.truth != TRUTH_YES)
			symbols[i].found = of_the_others(code);
	if (search.by_name)
		look_for_functions(tracefs_fd, debugfs_fd, &search);
	free(search.by_name);
}
