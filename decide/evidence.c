/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "decide/evidence.h"

int evidence_init(struct evidence *evidence, const struct facts *facts, const struct needs *needs,
		  const struct plan *plan, size_t question_count, struct error *err)
{
	bool whole = true;
	size_t i;

	*evidence = (struct evidence){ .facts = facts, .needs = needs, .plan = plan };
	evidence->programs = calloc(needs->program_count + 1, sizeof(*evidence->programs));
	evidence->maps = calloc(needs->object->map_count + 1, sizeof(*evidence->maps));
	evidence->symbols = calloc(needs->object->extern_count + 1, sizeof(*evidence->symbols));
	whole = evidence->programs && evidence->maps && evidence->symbols;
	for (i = 0; whole && i < needs->program_count; i++) {
		struct program_evidence *program = &evidence->programs[i];

		program->helpers = calloc(needs->programs[i].helper_count + 1,
					  sizeof(*program->helpers));
		program->kfuncs = calloc(needs->programs[i].kfunc_count + 1,
					 sizeof(*program->kfuncs));
		program->uses = calloc(question_count + 1, sizeof(*program->uses));
		whole = program->helpers && program->kfuncs && program->uses;
	}
	if (whole)
		return 0;
	evidence_free(evidence);
	return error_errno(err, -ENOMEM, "evidence");
}

void evidence_free(struct evidence *evidence)
{
	size_t i;

	for (i = 0; evidence->programs && i < evidence->needs->program_count; i++) {
		free(evidence->programs[i].helpers);
		free(evidence->programs[i].kfuncs);
		free(evidence->programs[i].uses);
	}
	free(evidence->programs);
	free(evidence->maps);
	free(evidence->symbols);
	*evidence = (struct evidence){ .facts = NULL };
}

const struct object_extern *evidence_missing_symbol(const struct evidence *evidence)
{
	const struct object *object = evidence->needs->object;
	size_t i;

	for (i = 0; i < object->extern_count; i++)
		if (!object->externs[i].weak && object->externs[i].kind != EXTERN_KFUNC &&
		    evidence->symbols[i].truth == TRUTH_NO)
			return &object->externs[i];
	return NULL;
}

enum use evidence_use(const struct evidence *evidence, size_t program, size_t question)
{
	return (enum use)evidence->programs[program].uses[question];
}

bool evidence_wants(const struct evidence *evidence, size_t program)
{
	const struct program_needs *needs = &evidence->needs->programs[program];

	return plan_state(evidence->plan, needs) != PROGRAM_OFF && !needs->optional;
}
