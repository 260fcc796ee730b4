/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a payload stores, in its final order (payload/FORMAT.md, 11.), compressed into clusters:
 * BTFs in groups, where kernels came from, and files as one stream that is cut.
 */
#ifndef PAYLOAD_STREAM_H
#define PAYLOAD_STREAM_H

#include "payload/codec.h"
#include "payload/writer.h"

struct stream {
	size_t *order;                   /* BTF i of the payload is the writer's number order[i] */
	uint32_t *final;                 /* and back */
	struct cluster_record *clusters; /* their offsets count from the first cluster */
	size_t cluster_count, cluster_capacity;
	uint32_t *groups;                /* the first BTF of each; their clusters come first */
	size_t group_count, group_capacity;
	size_t file_cluster_count;       /* these come last */
	struct buffer stored;            /* the clusters' bytes */
};

/* The writer's kernels and files stand in their final order.  stream_free() frees in any case. */
int stream_pack(const struct payload_writer *writer, struct stream *out, struct error *err);
void stream_free(struct stream *stream);

/* Adds a cluster of deflated pieces; for a group, also the number of its first BTF.  -ENOMEM. */
int stream_add(struct stream *stream, const struct slice *pieces, size_t count);
int stream_add_group(struct stream *stream, const struct slice *pieces, size_t count,
		     uint32_t first_btf);

#endif
