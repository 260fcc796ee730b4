/* SPDX-License-Identifier: BSD-2-Clause */
/* What `check` found, and the two forms in which it is told: for people, and as JSON. */
#ifndef CHECKER_REPORT_H
#define CHECKER_REPORT_H

#include <stdio.h>

#include "checker/trial.h"
#include "core/reduce.h"
#include "decide/decide.h"
#include "decide/select.h"

enum verdict { WILL_RUN, WILL_NOT_RUN, NEEDS_BUILD, NOT_KNOWN };

struct report {
	const char *app, *app_version;
	struct facts facts;

	const struct object *object;
	bool object_given;
	struct needs needs;

	const struct payload *payload;   /* NULL: none at hand */
	struct selection selection;      /* with a payload */

	struct plan plan;
	char btf_path[512];              /* file that relocations are resolved with; "" for a stored one */

	const struct reloset *questions;
	struct answers answers;          /* states NULL: not resolved, there is no BTF for it */

	struct trial trial;

	enum verdict verdict;
	enum exit_status status;
	char reason[1024], remedy[1536];
};

/* verbose: also what is as it should be. */
void report_print(const struct report *report, bool verbose, FILE *out);

/* docs/schema/check.json; NULL when out of memory. */
json_t *report_to_json(const struct report *report);

/* How often a state stands among the answers. */
size_t report_count(const struct report *report, enum answer_state state);

#endif
