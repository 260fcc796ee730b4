/* SPDX-License-Identifier: BSD-2-Clause */
/* What coverage is asked about: objects, a manifest with its objects, a payload with both. */
#ifndef BTFPACK_COVERAGE_INPUT_H
#define BTFPACK_COVERAGE_INPUT_H

#include "btfpack/application.h"
#include "btfpack/coverage.h"

struct coverage_input {
	struct payload *payload; /* a .payload or .run; else NULL */
	struct application application; /* of a manifest or payload */
	bool is_application;
	struct objects named;    /* objects by themselves */
};

/*
 * Opens what the paths name: one manifest, .payload or .run, or any number of objects; their first
 * bytes tell which.  coverage_input_close() frees, after failure too.
 */
int coverage_input_open(char *const *paths, size_t count, struct coverage_input *out,
			struct error *err);
void coverage_input_close(struct coverage_input *input);

/* The objects that go into the relocation set; an application's canary is the last of them. */
const struct objects *coverage_input_objects(const struct coverage_input *input);

/*
 * Makes a subject of the input, whose objects are in set from number first on.  The canary, which
 * no kernel has to fit, is not in it.  The caller frees the subject, after failure too.
 */
int coverage_input_subject(const struct coverage_input *input, const struct reloset *set,
			   size_t first, struct coverage_subject *out, struct error *err);

#endif
