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
	struct objects objects;  /* each that the manifest names, the further ones behind; the canary */
	const struct payload *payload; /* that it was read from; NULL when it was a manifest's path */
	struct buffer *contents; /* the objects' bytes, when they came out of a payload */
	size_t content_count;
};

/*
 * Reads the manifest at path, its objects and the canary, and builds the relocation set of all.
 * application_close() frees, after failure too.
 */
int application_open(const char *path, struct application *out, struct error *err);

/* The same out of a payload, which must outlive it. */
int application_open_payload(const struct payload *payload, struct application *out,
			     struct error *err);
void application_close(struct application *application);

/* Adds manifest, objects, canary and sources to the payload: the files of the one it came from. */
int application_write(const struct application *application, struct payload_writer *writer,
		      struct error *err);

#endif
