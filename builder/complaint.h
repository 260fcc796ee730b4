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

/*
 * Each error in turn: from *said, which is moved behind it; false when there is none left.  source
 * is the name of the file that was compiled.
 */
bool complaint_next(const char **said, const char *source, struct complaint *out);

#endif
