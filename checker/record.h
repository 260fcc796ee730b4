/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a document of facts has besides the facts: how the kernel answered the object's relocations,
 * and what came of the trial.  With both, the same verdict follows elsewhere.
 */
#ifndef CHECKER_RECORD_H
#define CHECKER_RECORD_H

#include <jansson.h>

#include "checker/input.h"
#include "checker/report.h"

/*
 * Adds member "object" to a document of facts; btf is what relocations were resolved with, where it
 * was not the kernel's own, reduced_btf what answers the object's questions.
 */
int record_write(const struct report *report, const struct input *input, struct slice btf,
		 struct slice reduced_btf, json_t *document, struct error *err);

/*
 * Appends the kernel's BTF to *btf, reduced as it was recorded; leaves it empty where none was, or
 * for an object that asks for something else.
 */
int record_read_btf(const json_t *document, const struct reloset *questions, struct buffer *btf,
		    struct error *err);

/*
 * Fills the report's trial with the recorded one when it was of this object and under this plan;
 * else says why it is not known.
 */
int record_read_trial(const json_t *document, const struct input *input, struct slice btf,
		      struct report *report, struct error *err);

#endif
