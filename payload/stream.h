/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The contents of a payload in their final order (payload/FORMAT.md, 10.), as one stream, cut and
 * compressed into clusters.
 */
#ifndef PAYLOAD_STREAM_H
#define PAYLOAD_STREAM_H

#include "payload/codec.h"
#include "payload/writer.h"

struct stream {
	size_t *order;                   /* BTF i of the table is the writer's number order[i] */
	uint32_t *final;                 /* and back */
	struct cluster_record *clusters; /* their offsets count from the first cluster */
	size_t cluster_count;
	struct buffer stored;            /* the clusters' bytes */
};

/* The writer's files stand in their final order.  stream_free() frees, also after a failure. */
int stream_pack(const struct payload_writer *writer, struct stream *out, struct error *err);
void stream_free(struct stream *stream);

#endif
