/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "btfpack/coverage_outcome.h"

/* Takes the outcome over, also when it fails. */
static int file_outcome(struct coverage *coverage, struct coverage_outcome *outcome, size_t *place)
{
	for (*place = 0; *place < coverage->outcome_count; ++*place)
		if (coverage_outcome_same(&coverage->outcomes[*place], outcome))
			break;
	if (*place < coverage->outcome_count) {
		coverage_outcome_free(outcome);
		return 0;
	}
	if (array_grow(&coverage->outcomes, coverage->outcome_count, &coverage->outcome_capacity)) {
		coverage_outcome_free(outcome);
		return -ENOMEM;
	}
	coverage->outcomes[coverage->outcome_count++] = *outcome;
	return 0;
}

/* Classes that were judged, by architecture: objects may differ with it. */
struct judged {
	size_t class, outcome;
	const char *arch;
};

struct memory {
	struct judged *items;
	size_t count, capacity;
};

static int judge_kernel(struct coverage *coverage, struct memory *memory, size_t kernel)
{
	const struct pack_kernel *k = &coverage->pack->kernels[kernel];
	const char *arch = k->entry->key.arch;
	struct coverage_outcome outcome;
	struct judged *judged;
	size_t i;
	int code;

	for (i = 0; i < memory->count; i++) {
		judged = &memory->items[i];
		if (judged->class != k->class || strcmp(judged->arch, arch) != 0)
			continue;
		coverage->kernels[kernel] = judged->outcome;
		return 0;
	}
	if (array_grow(&memory->items, memory->count, &memory->capacity))
		return -ENOMEM;
	judged = &memory->items[memory->count++];
	*judged = (struct judged){ .class = k->class, .arch = arch };
	if (coverage->subject->manifest && !coverage_object_for(coverage->subject, arch)) {
		judged->outcome = COVERAGE_NONE;
	} else {
		code = coverage_outcome_judge(coverage->subject,
					      &coverage->pack->classes[k->class].answers, arch, &outcome);
		if (!code)
			code = file_outcome(coverage, &outcome, &judged->outcome);
		if (code)
			return code;
	}
	coverage->kernels[kernel] = judged->outcome;
	return 0;
}

/* An outcome's place before sorting. */
struct placed {
	struct coverage_outcome outcome;
	size_t place;
};

static int by_weight(const void *a, const void *b)
{
	const struct placed *x = a, *y = b;

	if (x->outcome.state != y->outcome.state)
		return x->outcome.state < y->outcome.state ? 1 : -1;
	if (x->outcome.kernels != y->outcome.kernels)
		return x->outcome.kernels < y->outcome.kernels ? 1 : -1;
	return x->place < y->place ? -1 : x->place > y->place;
}

/* The worst first, then those of most kernels, then as the archive has them. */
static int sort_outcomes(struct coverage *coverage)
{
	size_t count = coverage->outcome_count, i;
	struct placed *placed = calloc(count + 1, sizeof(*placed));
	size_t *places = calloc(count + 1, sizeof(*places));
	int code = placed && places ? 0 : -ENOMEM;

	for (i = 0; !code && i < count; i++)
		placed[i] = (struct placed){ coverage->outcomes[i], i };
	if (!code)
		qsort(placed, count, sizeof(*placed), by_weight);
	for (i = 0; !code && i < count; i++) {
		coverage->outcomes[i] = placed[i].outcome;
		places[placed[i].place] = i;
	}
	for (i = 0; !code && i < coverage->pack->kernel_count; i++)
		if (coverage->kernels[i] != COVERAGE_NONE)
			coverage->kernels[i] = places[coverage->kernels[i]];
	free(placed);
	free(places);
	return code;
}

int coverage_judge(const struct coverage_subject *subject, const struct pack *pack,
		   struct coverage *out, struct error *err)
{
	struct memory memory = { 0 };
	size_t i;
	int code;

	*out = (struct coverage){
		.subject = subject,
		.pack = pack,
		.kernels = calloc(pack->kernel_count + 1, sizeof(*out->kernels)),
	};
	code = out->kernels ? 0 : -ENOMEM;
	for (i = 0; !code && i < pack->kernel_count; i++) {
		code = judge_kernel(out, &memory, i);
		if (code || out->kernels[i] == COVERAGE_NONE)
			continue;
		out->outcomes[out->kernels[i]].kernels++;
		out->totals[out->outcomes[out->kernels[i]].state]++;
	}
	free(memory.items);
	if (!code)
		code = sort_outcomes(out);
	return code ? error_errno(err, code, "coverage") : 0;
}

void coverage_free(struct coverage *coverage)
{
	size_t i;

	for (i = 0; i < coverage->outcome_count; i++)
		coverage_outcome_free(&coverage->outcomes[i]);
	free(coverage->outcomes);
	free(coverage->kernels);
	*coverage = (struct coverage){ 0 };
}
