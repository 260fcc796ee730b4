/* SPDX-License-Identifier: BSD-2-Clause */
/* What `check` found, and the two forms in which it is told: for people, and as JSON. */
#ifndef CHECKER_REPORT_H
#define CHECKER_REPORT_H

#include <stdio.h>

#include "checker/trial.h"
#include "core/reduce.h"
#include "decide/decide.h"
#include "decide/items.h"
#include "decide/levels.h"
#include "decide/select.h"
#include "loader/event_path.h"

enum verdict {
	WILL_RUN, WILL_NOT_RUN, NEEDS_BUILD, NOT_KNOWN,
	UNTRIED,                 /* nothing that is known keeps it from running, and nothing was tried */
};

struct report {
	const char *app, *app_version;   /* for commands: the program's name where no payload names it */
	const char *name;                /* of what is judged: the application, else the object */
	struct facts facts;

	const struct object *object;
	bool object_given;
	bool is_built;                   /* what `build` made here is what counts */
	struct needs needs;

	const struct payload *payload;   /* NULL: none at hand */
	struct selection selection;      /* with a payload */

	struct plan plan;
	char btf_path[512];              /* file that relocations are resolved with; "" for a stored one */

	const struct reloset *questions;
	struct answers answers;          /* states NULL: not resolved, there is no BTF for it */

	const char *events_map;          /* as `run` reads it; NULL: none */
	enum event_way events;
	struct trial trial;
	bool untried;                    /* it could not be made: the kernel is not here */

	struct evidence evidence;
	struct finding (*levels)[LEVELS]; /* of each program; owned */
	struct finding items[ITEMS];
	enum failure_class class;

	enum verdict verdict;
	enum exit_status status;
	char reason[1024], remedy[1536];
};

/* The verdict with its reason; what stands behind it; and also what is as it should be. */
enum report_detail { REPORT_SHORT, REPORT_USUAL, REPORT_LONG };
void report_print(const struct report *report, enum report_detail detail, FILE *out);

/* Metrics in Prometheus' text format, for node_exporter's textfile collector. */
void report_print_prometheus(const struct report *report, FILE *out);

/* Lines for a file in Node Feature Discovery's features.d: NAME=VALUE, which become labels. */
void report_print_nfd(const struct report *report, FILE *out);

/* "will_run" ... and "kernel" ..., as all documents have them. */
const char *verdict_name(enum verdict verdict);
const char *plan_btf_name(enum plan_btf btf);

/* docs/schema/check.json; NULL when out of memory. */
json_t *report_to_json(const struct report *report);

/* How often a state stands among the answers. */
size_t report_count(const struct report *report, enum answer_state state);

#endif
