/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From clusters to contents.  One cluster stays unpacked between calls, since BTFs, and files, that
 * are read one after the other mostly share one.
 */
#ifndef PAYLOAD_UNPACK_H
#define PAYLOAD_UNPACK_H

#include "lib/array.h"
#include "payload/index.h"

struct unpacker {
	struct slice payload;
	const struct index *index;
	const char *name;            /* for messages */
	struct buffer cluster;       /* the unpacked bytes of cluster number `number` */
	size_t number;
	bool is_loaded;
};

void unpacker_free(struct unpacker *unpacker);

/* Checks the digest of each cluster, and unpacks none. */
int unpack_check_stored(const struct unpacker *unpacker, struct error *err);

/* Checks cluster i's digest and unpacks it; after that unpacker->cluster holds its bytes. */
int unpack_cluster(struct unpacker *unpacker, size_t i, struct error *err);

/* Appends a BTF to *out, its checksum checked.  On failure *out is as it was. */
int unpack_btf(struct unpacker *unpacker, uint32_t btf, struct buffer *out, struct error *err);

/* Appends what the cluster of a block of kernels unpacks to. */
int unpack_provenance(struct unpacker *unpacker, size_t block, struct buffer *out,
		      struct error *err);

/*
 * Appends a file's content to *out and checks its digest; what is its name in messages.  On
 * failure *out is as it was.
 */
int unpack_content(struct unpacker *unpacker, const struct content *content, const char *what,
		   struct buffer *out, struct error *err);

#endif
