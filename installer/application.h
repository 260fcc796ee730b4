/* SPDX-License-Identifier: BSD-2-Clause */
/* What a payload brings for one architecture: the object and its kin, read and understood. */
#ifndef INSTALLER_APPLICATION_H
#define INSTALLER_APPLICATION_H

#include "decide/needs.h"
#include "payload/reader.h"

/* A file of the payload, unpacked; its digest was checked. */
struct packed_file {
	struct buffer bytes;
	struct digest digest;
};

/* A file that travels along: a further object, or a source of the object. */
struct carried_file {
	struct packed_file file;
	const char *name;        /* the payload's */
};

struct application {
	struct packed_file manifest_file, object_file, canary_file;
	bool has_canary;
	struct manifest manifest;
	struct object *object;
	struct needs needs;

	/* With application_load_build(): all that a build works with. */
	struct object *canary;          /* NULL without has_canary */
	struct carried_file *furthers, *sources;
	size_t further_count, source_count;
	struct digest sources_digest;   /* of their names and bytes */
	struct object **objects;        /* whose relocations a BTF must serve */
	size_t object_count;
};

/*
 * Reads them out of the payload.  -ENOENT: the payload has no object for arch (or lacks the
 * manifest), and the error says so.  application_free() frees, also after a failure.
 */
int application_load(const struct payload *payload, const char *arch, struct application *out,
		     struct error *err);

/* Reads also what a build needs, after application_load(); a second time it does nothing. */
int application_load_build(const struct payload *payload, const char *arch, struct application *out,
			   struct error *err);

void application_free(struct application *application);

#endif
