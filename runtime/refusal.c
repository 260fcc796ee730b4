/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdio.h>

#include "decide/blocked.h"
#include "decide/places.h"
#include "host/ask.h"

#include "runtime/refusal.h"

void refusal_explain(const struct inventory *inventory, const struct plan *plan, enum refused what,
		     const char *program, struct error *err,
		     char remedy[static FINDING_REMEDY_SIZE])
{
	const struct evidence evidence = {
		.facts = &inventory->facts,
		.needs = &inventory->needs,
		.plan = plan,
		.memcg = ask_memcg_accounting(&inventory->facts),
	};
	const struct program_needs *needs = needs_program(&inventory->needs, program);
	struct finding finding = { .answer = ANSWER_UNKNOWN };

	if (what == REFUSED_ATTACH && needs)
		place_blocked(&evidence, needs, -err->code, &finding);
	else
		blocked_by(&evidence, needs, OPERATION_LOAD, -err->code, &finding);
	error_set(err, err->code, "%s: %s%s%s%s",
		  what == REFUSED_CANARY ? "canary" : inventory->object_name, needs ? "program " : "",
		  needs ? program : "", needs ? ": " : "", finding.reason);
	snprintf(remedy, FINDING_REMEDY_SIZE, "%s", finding.remedy);
}
