/* SPDX-License-Identifier: BSD-2-Clause */
/* Prometheus' text format, as runtime/metrics.h writes it: one sample a line. */
#ifndef INSTALLER_SAMPLES_H
#define INSTALLER_SAMPLES_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/bytes.h"

struct sample {
	struct slice name;
	struct slice labels;         /* between the braces; empty when there are none */
	const char *value;           /* ends with the line */
};

/*
 * Takes the next sample off *text, which ends with NUL; false at its end.  A line that is none ends
 * it, too.
 */
bool sample_next(const char **text, struct sample *out);

bool sample_is(const struct sample *sample, const char *name);

/* The first sample of a name; false when there is none. */
bool sample_find(const char *text, const char *name, struct sample *out);

/* The label's value without escapes, cut to size; "" when the sample has none of that name. */
char *sample_label(const struct sample *sample, const char *label, char *out, size_t size);

/* The same as a number. */
bool sample_integer(const char *text, const char *name, uint64_t *out);
bool sample_real(const char *text, const char *name, double *out);

#endif
