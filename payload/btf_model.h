/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A reduced BTF as numbers: what payload/FORMAT.md, 7. codes.  Names are numbers of strings, 0 for
 * "", and what a number stands for is the owner's business.
 */
#ifndef PAYLOAD_BTF_MODEL_H
#define PAYLOAD_BTF_MODEL_H

#include "lib/array.h"

/* A member, enumerator or parameter. */
struct btf_part {
	uint32_t name, type;
	uint64_t value;          /* a member's offset word; an enumerator's value, its sign extended */
	bool is_old;             /* while decoding: type is a number of the base */
};

struct btf_type_model {
	uint32_t name;
	uint8_t kind;
	bool flag;
	bool is_old;             /* while decoding: its references are numbers of the base */
	uint32_t value;          /* size or type */
	uint32_t extra[3];       /* the word of an integer; element, index, length of an array */
	uint32_t vlen;
	size_t first_part;
};

/* types[i] is type number i + 1. */
struct btf_model {
	struct btf_type_model *types;
	struct btf_part *parts;
	size_t type_count, type_capacity;
	size_t part_count, part_capacity;
};

/* The parts of a type; NULL when it has none. */
static inline struct btf_part *btf_model_parts(const struct btf_model *model,
					       const struct btf_type_model *type)
{
	return type->vlen ? model->parts + type->first_part : NULL;
}

void btf_model_free(struct btf_model *model);

/* Append one; -ENOMEM. */
int btf_model_add_type(struct btf_model *model, const struct btf_type_model *type);
int btf_model_add_part(struct btf_model *model, const struct btf_part *part);

/* What each kind has.  Kinds that none of these knows are not coded. */
bool btf_kind_is_coded(uint32_t kind);
bool btf_kind_has_parts(uint32_t kind);       /* vlen of them */
bool btf_kind_part_has_type(uint32_t kind);
bool btf_kind_value_is_type(uint32_t kind);
bool btf_kind_is_edited(uint32_t kind);       /* may be coded as an edit of another one */

/* True when value can stand in a part of this kind. */
bool btf_part_value_fits(uint32_t kind, uint64_t value);

/* True when every reference is to a type that is there. */
bool btf_model_is_closed(const struct btf_model *model);

#endif
