/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "btfpack/coverage_outcome.h"

/* One object on the kernels of one class. */
struct judging {
	const struct coverage_subject *subject;
	const struct answers *answers;
	size_t object;
	bool *reached;           /* relocations */
	uint8_t *results;        /* by question: 1 + enum coverage_result; 0: nothing to say */
};

static int find_result(const struct answers *answers, uint32_t question, bool reached)
{
	switch (answers->states[question]) {
	case ANSWERED_ABSENT:
		return RESULT_ABSENT;
	case ANSWERED_POISON:
		return reached ? RESULT_POISONED : RESULT_GUARDED;
	case ANSWERED_ERROR:
		return RESULT_REFUSED;
	default:
		return -1;
	}
}

/* Fills results with what the relocations come to that the program has, or comes to elsewhere. */
static size_t find_results(const struct judging *judging, size_t program)
{
	const struct coverage_object *object = &judging->subject->objects[judging->object];
	size_t count = 0, i;

	memset(judging->results, 0, judging->answers->count);
	for (i = 0; i < object->object->relo_count; i++) {
		uint32_t question;
		int result;

		if (object->object->relos[i].program != program && !judging->reached[i])
			continue;
		question = reloset_question_of(judging->subject->set, object->place, i);
		if (question == RELOSET_NONE)
			continue;
		result = find_result(judging->answers, question, judging->reached[i]);
		if (result < 0)
			continue;
		count += judging->results[question] == 0;
		if (judging->results[question] < 1 + result)
			judging->results[question] = (uint8_t)(1 + result);
	}
	return count;
}

/* Appends the program to the outcome when there is something to say about it. */
static int judge_program(const struct judging *judging, size_t program,
			 struct coverage_outcome *outcome)
{
	const struct coverage_object *object = &judging->subject->objects[judging->object];
	struct coverage_program *out = &outcome->programs[outcome->count];
	size_t context_end, count, i;
	int code;

	memset(judging->reached, 0, object->object->relo_count * sizeof(*judging->reached));
	code = reach_code(object->reach, program, judging->answers, judging->reached, &context_end);
	if (code)
		return code;
	count = find_results(judging, program);
	if (!count)
		return 0;
	*out = (struct coverage_program){
		.object = (uint32_t)judging->object,
		.program = (uint32_t)program,
		.state = COVERAGE_FALLBACKS,
		.findings = calloc(count, sizeof(*out->findings)),
	};
	if (!out->findings)
		return -ENOMEM;
	outcome->count++;
	for (i = 0; i < judging->answers->count; i++) {
		struct coverage_finding *finding = &out->findings[out->count];

		if (!judging->results[i])
			continue;
		finding->question = (uint32_t)i;
		finding->result = (enum coverage_result)(judging->results[i] - 1);
		if (coverage_is_failure(finding))
			out->state = COVERAGE_FAILS;
		out->count++;
	}
	return 0;
}

static const struct coverage_program *find_program(const struct coverage_outcome *outcome,
						   size_t object, size_t program)
{
	size_t i;

	for (i = 0; i < outcome->count; i++)
		if (outcome->programs[i].object == object && outcome->programs[i].program == program)
			return &outcome->programs[i];
	return NULL;
}

static bool program_fails(const struct coverage_outcome *outcome, size_t object, size_t program)
{
	const struct coverage_program *found = find_program(outcome, object, program);

	return found && found->state == COVERAGE_FAILS;
}

/* A program that stands in for this one, itself or at the end of a chain, and does not fail. */
static bool has_stand_in(const struct needs *needs, const struct coverage_outcome *outcome,
			 size_t object, size_t program)
{
	const struct program_needs *p = &needs->programs[program];
	size_t steps;

	/* Counting steps ends a circle of alternatives. */
	for (steps = 0; p && p->alternative && steps < needs->program_count; steps++) {
		p = needs_program(needs, p->alternative);
		if (p && !program_fails(outcome, object, (size_t)(p - needs->programs)))
			return true;
	}
	return false;
}

/*
 * An alternative is needed where what it stands in for fails, or cannot do without the kernel's own
 * BTF: where a shipped BTF is used, there is none.
 */
static bool is_needed(const struct needs *needs, const struct coverage_outcome *outcome,
		      size_t object, size_t alternative)
{
	size_t i;

	for (i = 0; i < needs->program_count; i++) {
		const struct program_needs *p = &needs->programs[i];

		if (p->alternative && !p->optional && i != alternative &&
		    strcmp(p->alternative, needs->programs[alternative].name) == 0 &&
		    (p->kernel_btf || program_fails(outcome, object, i)))
			return true;
	}
	return false;
}

static enum coverage_role find_role(const struct needs *needs,
				    const struct coverage_outcome *outcome, size_t object,
				    size_t program)
{
	const struct program_needs *p = &needs->programs[program];

	if (program_fails(outcome, object, program) && has_stand_in(needs, outcome, object, program))
		return ROLE_REPLACED;
	if (p->optional)
		return ROLE_OPTIONAL;
	if (p->is_alternative)
		return is_needed(needs, outcome, object, program) ? ROLE_REQUIRED : ROLE_ALTERNATIVE;
	return p->off ? ROLE_OFF : ROLE_REQUIRED;
}

/* What the object comes to, now that all of its programs are judged. */
static void conclude(const struct coverage_subject *subject, struct coverage_outcome *outcome)
{
	size_t i;

	for (i = 0; i < outcome->count; i++) {
		struct coverage_program *program = &outcome->programs[i];

		program->role = find_role(&subject->objects[program->object].needs, outcome,
					  program->object, program->program);
		if (program->state == COVERAGE_FAILS && program->role == ROLE_REQUIRED)
			outcome->state = COVERAGE_FAILS;
		else if (outcome->state == COVERAGE_RESOLVES)
			outcome->state = COVERAGE_FALLBACKS;
	}
}

void coverage_outcome_free(struct coverage_outcome *outcome)
{
	size_t i;

	for (i = 0; i < outcome->count; i++)
		free(outcome->programs[i].findings);
	free(outcome->programs);
	*outcome = (struct coverage_outcome){ 0 };
}

static size_t count_programs(const struct coverage_subject *subject)
{
	size_t count = 0, i;

	for (i = 0; i < subject->count; i++)
		count += subject->objects[i].object->program_count;
	return count;
}

int coverage_outcome_judge(const struct coverage_subject *subject, const struct answers *answers,
			   const char *arch, struct coverage_outcome *outcome)
{
	struct judging judging = { .subject = subject, .answers = answers };
	size_t program;
	int code = 0;

	*outcome = (struct coverage_outcome){
		.programs = calloc(count_programs(subject) + 1, sizeof(*outcome->programs)),
	};
	judging.results = calloc(answers->count + 1, 1);
	if (!outcome->programs || !judging.results)
		code = -ENOMEM;
	for (; !code && judging.object < subject->count; judging.object++) {
		const struct coverage_object *object = &subject->objects[judging.object];

		if (!coverage_judges(subject, object, arch))
			continue;
		judging.reached = calloc(object->object->relo_count + 1, sizeof(*judging.reached));
		if (!judging.reached)
			code = -ENOMEM;
		for (program = 0; !code && program < object->object->program_count; program++)
			code = judge_program(&judging, program, outcome);
		free(judging.reached);
	}
	free(judging.results);
	if (code)
		coverage_outcome_free(outcome);
	else
		conclude(subject, outcome);
	return code;
}

bool coverage_outcome_same(const struct coverage_outcome *a, const struct coverage_outcome *b)
{
	size_t i, k;

	if (a->state != b->state || a->count != b->count)
		return false;
	for (i = 0; i < a->count; i++) {
		const struct coverage_program *x = &a->programs[i], *y = &b->programs[i];

		if (x->object != y->object || x->program != y->program || x->state != y->state ||
		    x->role != y->role || x->count != y->count)
			return false;
		for (k = 0; k < x->count; k++)
			if (x->findings[k].question != y->findings[k].question ||
			    x->findings[k].result != y->findings[k].result)
				return false;
	}
	return true;
}
