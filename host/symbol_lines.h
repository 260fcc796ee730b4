/* SPDX-License-Identifier: BSD-2-Clause */
/* Inside host/: lines of /proc/kallsyms and of the lists beside it. */
#ifndef HOST_SYMBOL_LINES_H
#define HOST_SYMBOL_LINES_H

#include "host/kallsyms.h"

/* Longer than any line: names end at 512 bytes (KSYM_NAME_LEN). */
enum { SYMBOL_CHUNK_SIZE = 16 * 1024 };

struct symbol_search {
	struct symbol **by_name; /* sorted */
	size_t count;
};

/* One line of a list, without its end; it may be cut to pieces. */
typedef void symbol_line_reader(char *line, struct symbol_search *search);

symbol_line_reader symbol_line_kallsyms;    /* /proc/kallsyms */
symbol_line_reader symbol_line_traceable;   /* available_filter_functions */
symbol_line_reader symbol_line_blacklisted; /* kprobes/blacklist */

/*
 * Makes symbols, whose names are set, empty and ready to be found; -ENOMEM.  They have to outlive
 * the search, which symbol_search_free() ends.
 */
int symbol_search_init(struct symbol_search *search, struct symbol *symbols, size_t count);
void symbol_search_free(struct symbol_search *search);

/*
 * Hands out the lines that are whole among the size bytes of a chunk, which has room for
 * SYMBOL_CHUNK_SIZE; the rest moves to its front.  Gives the size of the rest.
 */
size_t symbol_lines_take(char *chunk, size_t size, symbol_line_reader *read_one,
			 struct symbol_search *search);

#endif
