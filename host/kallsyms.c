/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "host/kallsyms.h"
#include "host/root.h"
#include "host/symbol_lines.h"

bool symbol_is_function(const struct symbol *symbol)
{
	return symbol->type && strchr("tTwW", symbol->type) != NULL;
}

static int read_list(int dir_fd, const char *path, symbol_line_reader *read_one,
		     struct symbol_search *search)
{
	int fd = dir_fd < 0 ? dir_fd : root_open_file(dir_fd, path), code = 0;
	char chunk[SYMBOL_CHUNK_SIZE];
	size_t left = 0;
	ssize_t got;

	if (fd < 0)
		return fd;
	while ((got = read(fd, chunk + left, sizeof(chunk) - left)) != 0) {
		if (got > 0) {
			left = symbol_lines_take(chunk, left + (size_t)got, read_one, search);
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

static void look_for_functions(int tracefs_fd, int debugfs_fd, struct symbol_search *search)
{
	struct probe untraceable, allowed;
	bool any = false;
	size_t i;

	for (i = 0; i < search->count; i++)
		any |= symbol_is_function(search->by_name[i]);
	if (!any)
		return;
	untraceable = of_the_others(read_list(tracefs_fd, "available_filter_functions",
					      symbol_line_traceable, search));
	allowed = of_the_others(read_list(debugfs_fd, "kprobes/blacklist",
					  symbol_line_blacklisted, search));
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
	struct symbol_search search;
	size_t i;
	int code = symbol_search_init(&search, symbols, count);

	if (!code)
		code = read_list(root_fd, "proc/kallsyms", symbol_line_kallsyms, &search);
	for (i = 0; i < count; i++)
		if (symbols[i].found.truth != TRUTH_YES)
			symbols[i].found = of_the_others(code);
	if (search.by_name)
		look_for_functions(tracefs_fd, debugfs_fd, &search);
	symbol_search_free(&search);
}
