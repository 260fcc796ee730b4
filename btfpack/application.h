/* SPDX-License-Identifier: BSD-2-Clause */
/* An application to be packed: its manifest and all that the manifest names, held open. */
#ifndef BTFPACK_APPLICATION_H
#define BTFPACK_APPLICATION_H

#include "payload/manifest.h"
#include "payload/writer.h"

#include "btfpack/objects.h"

struct application {
	struct manifest manifest;
	struct buffer text;      /* of the manifest */
	char *directory;         /* that the manifest's paths start from */
	struct objects objects;  /* one for each entry of the manifest, then the canary */
};

/*
 * Reads the manifest at path, its objects and the canary, and builds the relocation set of all.
 * application_close() frees, after failure too.
 */
int application_open(const char *path, struct application *out, struct error *err);
void application_close(struct application *application);

/* Adds manifest, objects, canary and sources to the payload. */
int application_write(const struct application *application, struct payload_writer *writer,
		      struct error *err);

#endif
