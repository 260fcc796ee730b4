/* SPDX-License-Identifier: BSD-2-Clause */
/* What `btfpack coverage` says, in four forms of the same facts. */
#ifndef BTFPACK_COVERAGE_REPORT_H
#define BTFPACK_COVERAGE_REPORT_H

#include <jansson.h>

#include "btfpack/coverage_since.h"
#include "btfpack/fleet.h"

struct coverage_report {
	const struct coverage *coverage;
	const struct since *since;       /* NULL: not compared */
	const char *since_app, *since_version;
	const struct fleet *fleet;       /* NULL: no inventory */
};

/* docs/schema/coverage.json; NULL when out of memory.  The caller decrefs. */
json_t *coverage_to_json(const struct coverage_report *report);

/* Prints to standard output; with verbose also what is well, and all kernels by name. */
void coverage_print(const struct coverage_report *report, bool verbose);

/* Appends a summary that fits a pull request; -ENOMEM or 0. */
int coverage_to_markdown(const struct coverage_report *report, struct buffer *out,
			 struct error *err);

/* Appends one self-contained HTML page. */
int coverage_to_page(const struct coverage_report *report, struct buffer *out, struct error *err);

/* "proctrace 0.1.0", or "2 objects". */
char *coverage_title(const struct coverage_report *report, char *text, size_t size);

#endif
