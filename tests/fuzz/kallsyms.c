/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any bytes as /proc/kallsyms and the lists beside it, read piece by piece.  What is found of a
 * symbol is bounded and terminated, wherever the pieces end.
 */
#include <stdlib.h>
#include <string.h>

#include "host/symbol_lines.h"
#include "lib/bytes.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const NAMES[] = { "do_accept", "vfs_read", "nft_do_chain", "a", "_text" };
enum { COUNT = sizeof(NAMES) / sizeof(NAMES[0]) };

static void check(const struct symbol *symbol)
{
	if (strnlen(symbol->module, sizeof(symbol->module)) == sizeof(symbol->module) ||
	    strnlen(symbol->near, sizeof(symbol->near)) == sizeof(symbol->near))
		abort();
	if ((symbol->found.truth == TRUTH_YES) != (symbol->count > 0))
		abort();
}

/* As read(2) gives it: at most piece bytes at once, and what the chunk has room for. */
static void read_list(struct slice list, size_t piece, symbol_line_reader *read_one,
		      struct symbol_search *search)
{
	char chunk[SYMBOL_CHUNK_SIZE];
	size_t left = 0;

	while (list.size) {
		size_t got = list.size < piece ? list.size : piece;

		if (got > sizeof(chunk) - left)
			got = sizeof(chunk) - left;
		if (!got)
			abort(); /* a read of nothing would look like the end */
		memcpy(chunk + left, list.data, got);
		list = slice_of(list.data + got, list.size - got);
		left = symbol_lines_take(chunk, left + got, read_one, search);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static symbol_line_reader *const readers[] = {
		symbol_line_kallsyms, symbol_line_traceable, symbol_line_blacklisted,
	};
	struct symbol symbols[COUNT];
	struct symbol_search search;
	size_t i;

	if (size < 1)
		return 0;
	for (i = 0; i < COUNT; i++)
		symbols[i].name = NAMES[i];
	if (symbol_search_init(&search, symbols, COUNT))
		return 0;
	for (i = 0; i < sizeof(readers) / sizeof(readers[0]); i++)
		read_list(slice_of(data + 1, size - 1), (size_t)data[0] + 1, readers[i], &search);
	for (i = 0; i < COUNT; i++)
		check(&symbols[i]);
	symbol_search_free(&search);
	return 0;
}
