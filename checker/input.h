/* SPDX-License-Identifier: BSD-2-Clause */
/* What is checked: object, manifest and canary, as the command line and the payload say. */
#ifndef CHECKER_INPUT_H
#define CHECKER_INPUT_H

#include "core/object.h"
#include "lib/array.h"
#include "payload/manifest.h"

#include "checker/check.h"

struct input {
	const struct check_options *options;
	const char *arch;
	struct buffer manifest_text, object_bytes;
	struct buffer canary;    /* the canary object; empty: there is none */
	struct manifest manifest;
	bool has_manifest;
	struct object *object;
	char *object_name;       /* what libbpf calls it */
};

/*
 * Reads it all.  arch is this host's and must live as long; app names the object where none was
 * given.  input_free() frees, also what a failure left.
 */
int input_read(const struct check_options *options, const char *arch, const char *app,
	       struct input *out, struct error *err);
void input_free(struct input *input);

/* Do the payload's own objects, whose relocations were packed, ask all that the given one asks? */
int input_covered(const struct input *input, bool *covered, struct error *err);

#endif
