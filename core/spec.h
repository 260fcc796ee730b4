/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A place in a type: the root of a CO-RE relocation and the way from there to a field, an array
 * element or an enumerator. libbpf's relo_core.c defines what it means; a *local* spec is what
 * the object was compiled with, a *target* spec the same way found in a kernel's types. core/
 * only.
 */
#ifndef CORE_SPEC_H
#define CORE_SPEC_H

#include <linux/bpf.h>

#include "core/btf.h"

/* As deep as libbpf goes (BPF_CORE_SPEC_MAX_LEN). */
enum { SPEC_MAX = 64 };

struct accessor {
	const char *name;        /* member or enumerator; NULL for an array index */
	uint32_t type;           /* the composite or enum it is of; for an index the element's type */
	uint32_t index;
};

struct spec {
	const struct btf_view *btf;
	uint32_t root;
	uint32_t kind;           /* enum bpf_core_relo_kind */
	uint32_t length;         /* of path */
	uint32_t depth;          /* levels passed, anonymous ones too */
	uint32_t bit_offset;
	struct accessor path[SPEC_MAX];
};

/*
 * The value that a relocation takes from a spec, and what libbpf needs to know to adjust the
 * size of a load. Up to libbpf 1.5 that size is the whole array's where the field is an array,
 * then the element's: both are kept, so that what is derived from them holds under either.
 */
struct spec_value {
	uint64_t value;
	uint32_t size_whole, size_element;
	uint32_t type;           /* of the field, 0 where no size counts */
};

static inline bool relo_is_field(uint32_t kind)
{
	return kind <= BPF_CORE_FIELD_RSHIFT_U64;
}

static inline bool relo_is_type(uint32_t kind)
{
	return (kind >= BPF_CORE_TYPE_ID_LOCAL && kind <= BPF_CORE_TYPE_SIZE) ||
	       kind == BPF_CORE_TYPE_MATCHES;
}

static inline bool relo_is_enumerator(uint32_t kind)
{
	return kind == BPF_CORE_ENUMVAL_EXISTS || kind == BPF_CORE_ENUMVAL_VALUE;
}

/* True when a type of kind a can be a candidate for one of kind b. */
static inline bool kinds_compatible(uint32_t a, uint32_t b)
{
	return a == b || (btf_kind_is_enum(a) && btf_kind_is_enum(b));
}

/* Length of a type's name without its flavour: 4 for "task___old". */
size_t essential_length(const char *name);

/* True when both names are the same without their flavours. */
bool essential_equal(const char *a, const char *b);

/*
 * Follows access ("0:1:2") from root in btf. -EINVAL: it leads nowhere; -E2BIG: too deep. Only
 * then may the way's names and types be relied on.
 */
int spec_parse(const struct btf_view *btf, uint32_t root, uint32_t kind, const char *access,
	       struct spec *spec);

/*
 * True when the array is the last member of its struct and has no length: any index is within
 * it.
 */
bool spec_is_flexible(const struct btf_view *btf, const struct accessor *of, uint32_t nelems);

/* The value that spec->kind asks for; -EINVAL or -E2BIG where libbpf refuses. */
int spec_value(const struct spec *spec, struct spec_value *out);

#endif
