/* SPDX-License-Identifier: BSD-2-Clause */
/* A group: BTFs that share strings and lean on one another (payload/FORMAT.md, 7.). */
#ifndef PAYLOAD_GROUP_H
#define PAYLOAD_GROUP_H

#include "lib/array.h"

enum { GROUP_CHECK_SIZE = 8 };       /* of a BTF's SHA-256, what the group has of it */

/*
 * Appends BTF number `number` of the unpacked group, which has count of them.  -EBADMSG: damaged;
 * -ENOMEM.  After a failure *out is as it was.
 */
int group_btf(struct slice group, uint32_t count, uint32_t number, struct buffer *out);

#endif
