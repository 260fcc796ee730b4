/* SPDX-License-Identifier: BSD-2-Clause */
/* From what a writer gathered to the bytes of a payload (payload/FORMAT.md, 10.). */
#ifndef PAYLOAD_SEAL_H
#define PAYLOAD_SEAL_H

#include "lib/lookup.h"

#include "payload/writer.h"

struct writer_btf {
	struct digest digest;
	struct buffer bytes;
};

struct writer_file {
	struct payload_file file;
	struct slice content;
	struct buffer copy;              /* of it, where the writer has one */
};

struct payload_writer {
	struct writer_btf *btfs;
	struct payload_kernel *kernels;  /* their strings are the writer's */
	struct writer_file *files;
	size_t btf_count, kernel_count, file_count;
	size_t btf_capacity, kernel_capacity, file_capacity;
	struct lookup by_digest;         /* BTFs */
	struct lookup by_key;            /* kernels; lost when they are sorted */
};

/*
 * Appends the payload to *out.  Sorts kernels and files in place, and leaves the BTFs and their
 * numbers alone.
 */
int payload_seal(struct payload_writer *writer, const char *app, const char *version,
		 const struct digest *fingerprint, struct buffer *out, struct error *err);

#endif
