/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A part: what one shard of a build came to, with all that joining the parts needs
 * (docs/sharding.md).  A tar file through zstd:
 *
 *     part-SHA256.json     the index, with the digest of its own bytes in its name
 *     application.payload  manifest, objects and sources, as a payload without kernels
 *     btf/SHA256           the smallest reduced BTF of each class, in the index's order
 */
#ifndef BTFPACK_PART_H
#define BTFPACK_PART_H

#include "btfpack/application.h"
#include "btfpack/pack.h"

/* Number I of N. */
struct shard {
	unsigned number, count;
};

/* Reads "I/N" with 1 <= I <= N; false when text is anything else. */
bool shard_parse(const char *text, struct shard *out);

/* True when the index-th entry of the sorted list is this shard's. */
bool shard_has(const struct shard *shard, size_t index);

struct part {
	struct shard shard;
	size_t listed;              /* entries that the archives had, of which it is every N-th */
	struct digest listing;      /* of their names and builds */
	struct digest fingerprint;  /* of the relocations; core/reloset.h */
	struct buffer application;
	struct pack pack;           /* its kernels point into archive */
	struct btf_archive archive; /* the kernels; order is their place in the list */
};

/* Publishes what was reduced of archive as a part. */
int part_write(const char *path, const struct shard *shard, const struct application *application,
	       const struct btf_archive *archive, const struct pack *pack, struct error *err);

/*
 * Reads a part, every byte checked.  -EBADMSG: damaged or none; -ENOTSUP: newer.  Errors name the
 * path.  part_free() frees, after failure too.
 */
int part_read(const char *path, struct part *out, struct error *err);
void part_free(struct part *part);

#endif
