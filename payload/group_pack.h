/* SPDX-License-Identifier: BSD-2-Clause */
/* Making groups (payload/FORMAT.md, 7. and 11.); build host only. */
#ifndef PAYLOAD_GROUP_PACK_H
#define PAYLOAD_GROUP_PACK_H

#include "payload/stream.h"

/* Adds a cluster for each group of the writer's BTFs, which stand in out->order. */
int groups_pack(const struct payload_writer *writer, struct stream *out);

#endif
