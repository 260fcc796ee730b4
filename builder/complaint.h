/* SPDX-License-Identifier: BSD-2-Clause */
/* What a compiler found wrong: clang's diagnostics (FILE:LINE:COLUMN: error: TEXT). */
#ifndef BUILDER_COMPLAINT_H
#define BUILDER_COMPLAINT_H

#include <stdbool.h>
#include <stddef.h>

struct complaint {
	/* Of the source itself that led there: where the error is, or what it is included by. */
	unsigned line;           /* 0: not known */
	bool is_included;        /* the error is in a header */
	char text[512];          /* one sentence: the error, its place, and what included that */
};

/* The first error that the compiler said; its own first words where none can be told. */
void complaint_first(const char *said, struct complaint *out);

/* Reads what the compiler said about source, the name of the file that was compiled. */
struct complaint_reader {
	const char *at, *source;
	const char *file;        /* of the last words */
	size_t file_length;
	/* What includes that file; the compiler says it once for several words on one file. */
	const char *includer;
	size_t includer_length;
	unsigned included;       /* line of the source; 0 */
	bool is_complete;        /* and all of that was said */
};

void complaint_start(struct complaint_reader *reader, const char *said, const char *source);

/* Each error in turn; false when there is none left. */
bool complaint_next(struct complaint_reader *reader, struct complaint *out);

#endif
