/* SPDX-License-Identifier: BSD-2-Clause */
/* What a plan says of single programs, and changing it when one turns out not to run. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "decide/decide.h"

static struct plan_program *find(const struct plan *plan, const char *name)
{
	size_t i;

	for (i = 0; i < plan->program_count; i++)
		if (strcmp(plan->programs[i].name, name) == 0)
			return &plan->programs[i];
	return NULL;
}

void plan_switch_off(struct plan *plan, const char *name, const char *replaced_by, const char *why)
{
	struct plan_program *program = &plan->programs[plan->program_count++];

	*program = (struct plan_program){ .name = name, .replaced_by = replaced_by };
	snprintf(program->why, sizeof(program->why), "%s", why);
}

enum program_state plan_state(const struct plan *plan, const struct program_needs *program)
{
	enum program_state state = program->off ? PROGRAM_OFF : PROGRAM_LOADED;
	size_t i;

	for (i = 0; i < plan->program_count; i++) {
		const struct plan_program *switched = &plan->programs[i];

		if (strcmp(switched->name, program->name) == 0)
			return PROGRAM_OFF;
		if (switched->replaced_by && strcmp(switched->replaced_by, program->name) == 0)
			state = PROGRAM_ALTERNATIVE;
	}
	return state;
}

bool plan_can_replace(const struct plan *plan, const struct needs *needs, const char *name)
{
	const struct program_needs *program = needs_program(needs, name);
	const struct plan_program *alternative;

	if (!program || !program->alternative || plan_state(plan, program) == PROGRAM_OFF)
		return false;
	/* One that was switched off because it cannot run itself is no help. */
	alternative = find(plan, program->alternative);
	return !alternative || strcmp(alternative->why, PLAN_NOT_NEEDED) == 0;
}

bool plan_replace(struct plan *plan, const struct needs *needs, const char *name, const char *why)
{
	const struct program_needs *program = needs_program(needs, name);
	struct plan_program *unneeded;
	size_t i;

	if (!plan_can_replace(plan, needs, name))
		return false;
	unneeded = find(plan, program->alternative);
	if (unneeded)
		*unneeded = plan->programs[--plan->program_count];
	/* What it stood in for is now replaced by its own alternative. */
	for (i = 0; i < plan->program_count; i++)
		if (plan->programs[i].replaced_by && strcmp(plan->programs[i].replaced_by, name) == 0)
			plan->programs[i].replaced_by = program->alternative;
	plan_switch_off(plan, program->name, program->alternative, why);
	return true;
}

void plan_free(struct plan *plan)
{
	free(plan->programs);
	*plan = (struct plan){ 0 };
}
