/* SPDX-License-Identifier: BSD-2-Clause */
/* The coded form of a BTF (payload/FORMAT.md, 7.); build host only. */
#ifndef PAYLOAD_BTF_ENCODE_H
#define PAYLOAD_BTF_ENCODE_H

#include "payload/btf_model.h"

/* The strings that a group has so far.  Models name strings by the writer's numbers. */
struct group_names {
	uint32_t *numbers;       /* the writer's number -> the group's, from 1; 0: not in it */
	uint32_t *items;         /* and back: items[i] is the group's number i + 1 */
	uint32_t count;
};

/*
 * Appends model as a difference to base, which may be empty, and to names what is new; names has
 * room.  -ENOMEM.
 */
int btf_encode_model(const struct btf_model *model, const struct btf_model *base,
		     struct group_names *names, struct buffer *out);

/* Forgets names from number count + 1 on. */
void group_names_cut(struct group_names *names, uint32_t count);

#endif
