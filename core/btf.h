/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A bounds-checked view of a BTF blob (Documentation/bpf/btf.rst). Opening it walks every type
 * once: after that each id below type_count, each string offset that the view hands out and
 * each member, enumerator and parameter lies within the blob, and every reference names an
 * existing type. Nothing is copied but an array of type offsets.
 */
#ifndef CORE_BTF_H
#define CORE_BTF_H

#include <stdbool.h>

#include <linux/btf.h>

#include "lib/bytes.h"
#include "lib/error.h"

/* Limits of what is accepted; far above any kernel's (vmlinux of 7.3: 7 MB, 150,000 types). */
enum {
	BTF_MAX_SIZE = 256 * 1024 * 1024,
	BTF_MAX_TYPES = 8 * 1024 * 1024,
};

struct btf_view {
	struct slice types;      /* the type section */
	struct slice strings;    /* the string section; starts and ends with NUL */
	uint32_t *offsets;       /* of each type id in the type section; owned */
	uint32_t type_count;     /* ids are 1 .. type_count - 1; 0 is void */
	uint32_t long_type;      /* id of the first integer named like C's long; 0 where there is none */
	uint32_t pointer_size;   /* 4 or 8, the size of that; 0 where there is none, then 8 is assumed */
};

/* One type, decoded.  `tail` points at its members, enumerators, parameters ... in the blob. */
struct btf_info {
	const uint8_t *tail;
	uint32_t name_off;
	uint32_t kind;
	uint32_t vlen;
	uint32_t size_or_type;   /* a size in bytes or a type id, by kind */
	bool kind_flag;
};

struct btf_member_info {
	uint32_t name_off;
	uint32_t type;
	uint32_t bit_offset;
	uint32_t bitfield_size;  /* in bits; 0 when it is no bitfield */
};

/* An enumerator of ENUM or ENUM64; value is sign-extended for ENUM, as libbpf does. */
struct btf_enumerator {
	uint32_t name_off;
	uint64_t value;
};

/*
 * Opens raw, which must outlive the view.  -EBADMSG: damaged; -ENOTSUP: big-endian, a newer header
 * version, or a kind newer than ENUM64, which the error names.  btf_view_close() frees.
 */
int btf_view_open(struct btf_view *view, struct slice raw, struct error *err);
void btf_view_close(struct btf_view *view);

/* Decodes a type; id 0 gives kind BTF_KIND_UNKN, which is void. */
struct btf_info btf_view_type(const struct btf_view *view, uint32_t id);

/* True for an integer's name that libbpf takes for C's long, whose size is a pointer's. */
bool btf_name_is_long(const char *name);

/* The NUL-terminated string at an offset that came out of the view; "" at 0. */
const char *btf_view_string(const struct btf_view *view, uint32_t offset);

/* The i-th entry behind a type; i must be below vlen. */
struct btf_member_info btf_info_member(const struct btf_info *type, uint32_t i);
struct btf_enumerator btf_info_enumerator(const struct btf_info *type, uint32_t i);
uint32_t btf_info_param(const struct btf_info *type, uint32_t i);

/* The type id of the i-th variable or function of a DATASEC. */
uint32_t btf_info_section_entry(const struct btf_info *type, uint32_t i);

/* Of an ARRAY. */
uint32_t btf_info_element(const struct btf_info *type);
uint32_t btf_info_nelems(const struct btf_info *type);

/* The word behind an INT: encoding << 24 | offset << 16 | bits. */
uint32_t btf_info_int(const struct btf_info *type);

/* Follows typedefs, cv-qualifiers and type tags to what they stand for. */
uint32_t btf_view_skip(const struct btf_view *view, uint32_t id);

/* Size in bytes, or -EINVAL for what has none (void, functions, a loop of arrays). */
int64_t btf_view_size(const struct btf_view *view, uint32_t id);

static inline bool btf_kind_is_composite(uint32_t kind)
{
	return kind == BTF_KIND_STRUCT || kind == BTF_KIND_UNION;
}

static inline bool btf_kind_is_enum(uint32_t kind)
{
	return kind == BTF_KIND_ENUM || kind == BTF_KIND_ENUM64;
}

/* "struct", "union", "enum" ... as C spells the kind, or its BTF name. */
const char *btf_kind_name(uint32_t kind);

#endif
