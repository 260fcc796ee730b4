/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "btfpack/coverage_since.h"

const char *since_change_name(enum since_change change)
{
	static const char *const NAMES[] = {
		[SINCE_UNCHANGED] = "unchanged", [SINCE_CHANGED] = "changed", [SINCE_WON] = "won",
		[SINCE_LOST] = "lost",
	};

	return NAMES[change];
}

static const struct coverage_outcome *outcome_of(const struct coverage *side, size_t place)
{
	return place == COVERAGE_NONE ? NULL : &side->outcomes[place];
}

static bool fits(const struct coverage_outcome *outcome)
{
	return outcome && outcome->state != COVERAGE_FAILS;
}

/* Fails, and was to be loaded. */
static bool fails_in_use(const struct coverage_program *program)
{
	return program->state == COVERAGE_FAILS && program->role != ROLE_ALTERNATIVE &&
	       program->role != ROLE_OFF;
}

/* The objects of two versions have different places; their programs' names are what stays. */
static bool fails_by_name(const struct coverage *side, const struct coverage_outcome *outcome,
			  const char *name)
{
	size_t i;

	for (i = 0; outcome && i < outcome->count; i++)
		if (fails_in_use(&outcome->programs[i]) &&
		    strcmp(coverage_program_name(side->subject, &outcome->programs[i]), name) == 0)
			return true;
	return false;
}

static bool has_program(const struct coverage *side, const char *name)
{
	size_t i;

	for (i = 0; i < side->subject->count; i++)
		if (needs_program(&side->subject->objects[i].needs, name))
			return true;
	return false;
}

/*
 * Adds the programs that fail here and not there.  One that there was not there at all counts only
 * where it decides.
 */
static void add_programs(struct since_item *item, const struct coverage *here, size_t outcome,
			 const struct coverage *there, size_t other, bool lost)
{
	const struct coverage_outcome *from = outcome_of(here, outcome);
	const struct coverage_outcome *to = outcome_of(there, other);
	bool decides = !fits(from) && fits(to);
	size_t i;

	for (i = 0; from && i < from->count; i++) {
		const struct coverage_program *program = &from->programs[i];
		const char *name = coverage_program_name(here->subject, program);
		bool counts = has_program(there, name) ? to && !fails_by_name(there, to, name) :
			      decides && program->role == ROLE_REQUIRED;

		if (!counts || !fails_in_use(program))
			continue;
		item->programs[item->program_count++] =
			(struct since_program){ program, lost };
	}
}

static enum since_change find_change(const struct since *since, const struct since_item *item)
{
	const struct coverage_outcome *before = outcome_of(since->before, item->before);
	const struct coverage_outcome *after = outcome_of(since->after, item->after);
	bool lost = fits(before) && !fits(after), won = !fits(before) && fits(after);
	size_t i;

	for (i = 0; i < item->program_count; i++) {
		lost = lost || item->programs[i].lost;
		won = won || !item->programs[i].lost;
	}
	if (lost || won)
		return lost ? SINCE_LOST : SINCE_WON;
	return before && after && before->state != after->state ? SINCE_CHANGED : SINCE_UNCHANGED;
}

static int add_item(struct since *since, size_t before, size_t after)
{
	const struct coverage_outcome *from = outcome_of(since->before, before);
	const struct coverage_outcome *to = outcome_of(since->after, after);
	size_t programs = (from ? from->count : 0) + (to ? to->count : 0);
	struct since_item *item;

	if (array_grow(&since->items, since->count, &since->capacity))
		return -ENOMEM;
	item = &since->items[since->count];
	*item = (struct since_item){
		.before = before,
		.after = after,
		.programs = calloc(programs + 1, sizeof(*item->programs)),
	};
	if (!item->programs)
		return -ENOMEM;
	since->count++;
	add_programs(item, since->after, after, since->before, before, true);
	add_programs(item, since->before, before, since->after, after, false);
	item->change = find_change(since, item);
	return 0;
}

static int add_kernel(struct since *since, size_t kernel)
{
	size_t before = since->before->kernels[kernel], after = since->after->kernels[kernel], i;
	struct since_item *item;

	if (before == COVERAGE_NONE && after == COVERAGE_NONE)
		return 0;
	for (i = 0; i < since->count; i++)
		if (since->items[i].before == before && since->items[i].after == after)
			break;
	if (i == since->count && add_item(since, before, after))
		return -ENOMEM;
	item = &since->items[i];
	if (array_grow(&item->kernels, item->kernel_count, &item->kernel_capacity))
		return -ENOMEM;
	item->kernels[item->kernel_count++] = kernel;
	since->totals[item->change]++;
	return 0;
}

static int by_change(const void *a, const void *b)
{
	const struct since_item *x = a, *y = b;

	if (x->change != y->change)
		return x->change < y->change ? 1 : -1;
	if (x->kernel_count != y->kernel_count)
		return x->kernel_count < y->kernel_count ? 1 : -1;
	return x->kernels[0] < y->kernels[0] ? -1 : 1;
}

int since_compare(const struct coverage *before, const struct coverage *after, struct since *out,
		  struct error *err)
{
	size_t i;
	int code = 0;

	*out = (struct since){ .before = before, .after = after };
	for (i = 0; !code && i < after->pack->kernel_count; i++)
		code = add_kernel(out, i);
	if (code)
		return error_errno(err, code, "coverage");
	if (out->count)
		qsort(out->items, out->count, sizeof(*out->items), by_change);
	return 0;
}

void since_free(struct since *since)
{
	size_t i;

	for (i = 0; i < since->count; i++) {
		free(since->items[i].programs);
		free(since->items[i].kernels);
	}
	free(since->items);
	*since = (struct since){ 0 };
}
