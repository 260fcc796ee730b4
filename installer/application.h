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

struct application {
	struct packed_file manifest_file, object_file, canary_file;
	bool has_canary;
	struct manifest manifest;
	struct object *object;
	struct needs needs;
};

/*
 * Reads them out of the payload.  -ENOENT: the payload has no object for arch (or lacks the
 * manifest), and the error says so.  application_free() frees, also after a failure.
 */
int application_load(const struct payload *payload, const char *arch, struct application *out,
		     struct error *err);
void application_free(struct application *application);

#endif
