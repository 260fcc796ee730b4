/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Opening a BTF blob. A kernel has more than 100,000 types, and an archive thousands of
 * kernels, so the types are walked once: the walk notes where each one starts and the largest
 * string offset and type id that anything refers to. Only when these turn out to be too large
 * is the culprit looked for.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"

#include "core/btf.h"
#include "core/btf_layout.h"

enum { NOTHING = -1 };

enum { KIND_COUNT = BTF_KIND_ENUM64 + 1, KIND_CODES = 128 };

/* Every bit of a type id, or none. */
enum { NO_TYPE, REFERS = -1 };

/*
 * What follows the common part of a type, by kind.  Two thirds of a kernel's types are as plain as
 * they come, and which kind comes next cannot be guessed: so the walk has no branch by kind, but
 * one by whether there is more to look at.
 */
static const struct layout {
	bool known;
	bool has_more;           /* refers to more than its size_or_type, or is looked at later */
	int32_t refers;          /* mask of size_or_type: REFERS when that is a type id */
	uint8_t fixed;           /* bytes that follow once */
	uint8_t entry;           /* bytes that follow vlen times */
} layouts[KIND_CODES] = {
	[BTF_KIND_INT] = { true, true, NO_TYPE, INT_SIZE, 0 },
	[BTF_KIND_PTR] = { true, false, REFERS, 0, 0 },
	[BTF_KIND_ARRAY] = { true, true, NO_TYPE, ARRAY_SIZE, 0 },
	[BTF_KIND_STRUCT] = { true, true, NO_TYPE, 0, MEMBER_SIZE },
	[BTF_KIND_UNION] = { true, true, NO_TYPE, 0, MEMBER_SIZE },
	[BTF_KIND_ENUM] = { true, true, NO_TYPE, 0, ENUM_SIZE },
	[BTF_KIND_FWD] = { true, false, NO_TYPE, 0, 0 },
	[BTF_KIND_TYPEDEF] = { true, false, REFERS, 0, 0 },
	[BTF_KIND_VOLATILE] = { true, false, REFERS, 0, 0 },
	[BTF_KIND_CONST] = { true, false, REFERS, 0, 0 },
	[BTF_KIND_RESTRICT] = { true, false, REFERS, 0, 0 },
	[BTF_KIND_FUNC] = { true, false, REFERS, 0, 0 },
	[BTF_KIND_FUNC_PROTO] = { true, true, REFERS, 0, PARAM_SIZE },
	[BTF_KIND_VAR] = { true, false, REFERS, VAR_SIZE, 0 },
	[BTF_KIND_DATASEC] = { true, true, NO_TYPE, 0, SECINFO_SIZE },
	[BTF_KIND_FLOAT] = { true, false, NO_TYPE, 0, 0 },
	[BTF_KIND_DECL_TAG] = { true, false, REFERS, DECL_TAG_SIZE, 0 },
	[BTF_KIND_TYPE_TAG] = { true, false, REFERS, 0, 0 },
	[BTF_KIND_ENUM64] = { true, true, NO_TYPE, 0, ENUM64_SIZE },
};

/* The largest string offset and type id of a type, or of all. */
struct reach {
	uint32_t name, type;
};

static int check_header(struct btf_view *view, struct slice raw, struct error *err)
{
	uint32_t header_length;
	struct slice body;

	if (raw.size < HEADER_SIZE)
		return error_set(err, -EBADMSG, "BTF: %zu bytes are too few for a header", raw.size);
	if (raw.data[0] == 0xeb && raw.data[1] == 0x9f)
		return error_set(err, -ENOTSUP,
				 "BTF: big-endian; only little-endian kernels are supported");
	if (raw.data[0] != 0x9f || raw.data[1] != 0xeb)
		return error_set(err, -EBADMSG, "BTF: does not start with the BTF magic 0xeb9f");
	if (raw.data[HEADER_VERSION] != BTF_VERSION)
		return error_set(err, -ENOTSUP, "BTF: version %u is newer than version %u, which is known",
				 raw.data[HEADER_VERSION], BTF_VERSION);
	if (raw.size > BTF_MAX_SIZE)
		return error_set(err, -ENOTSUP, "BTF: %zu bytes are more than the limit of %u", raw.size,
				 BTF_MAX_SIZE);
	header_length = load_le32(raw.data + HEADER_LENGTH);
	if (header_length < HEADER_SIZE || header_length > raw.size)
		return error_set(err, -EBADMSG, "BTF: header length %u does not fit", header_length);
	body = slice_of(raw.data + header_length, raw.size - header_length);
	if (!slice_part(body, load_le32(raw.data + HEADER_TYPE_OFF),
			load_le32(raw.data + HEADER_TYPE_LEN), &view->types))
		return error_set(err, -EBADMSG, "BTF: the type section lies outside of the %zu bytes",
				 raw.size);
	if (!slice_part(body, load_le32(raw.data + HEADER_STR_OFF),
			load_le32(raw.data + HEADER_STR_LEN), &view->strings))
		return error_set(err, -EBADMSG, "BTF: the string section lies outside of the %zu bytes",
				 raw.size);
	/* Strings that the base has are not repeated, so that there may be none at all. */
	if (view->types.size > 0 && (view->strings.size == 0 || view->strings.data[0] != '\0'))
		return error_set(err, -ENOTSUP,
				 "BTF: split (module) BTF, which is of use only with its base");
	if (view->strings.size == 0)
		return error_set(err, -EBADMSG, "BTF: the string section is empty");
	if (view->strings.data[0] != '\0' || view->strings.data[view->strings.size - 1] != '\0')
		return error_set(err, -EBADMSG, "BTF: the string section does not start and end with NUL");
	return 0;
}

static inline uint32_t larger(uint32_t a, uint32_t b)
{
	return a > b ? a : b;
}

/*
 * The largest string offset and type id in count entries of size bytes, and all bits of the word
 * behind those, which holds the size of bitfields. Where one of them is in an entry is known at
 * each call, so that the compiler makes a loop of its own for each kind.
 */
static inline __attribute__((always_inline)) uint32_t
reach_entries(const uint8_t *entry, uint32_t count, size_t size, int name_at, int type_at,
	      int word_at, struct reach *reach)
{
	uint32_t name = reach->name, type = reach->type, bits = 0;

	for (; count > 0; count--, entry += size) {
		if (name_at != NOTHING)
			name = larger(name, load_le32(entry + name_at));
		if (type_at != NOTHING)
			type = larger(type, load_le32(entry + type_at));
		if (word_at != NOTHING)
			bits |= load_le32(entry + word_at);
	}
	reach->name = name;
	reach->type = type;
	return bits;
}

/* What the common part of a type refers to. */
static inline void reach_common(const uint8_t *p, const struct layout *layout, struct reach *reach)
{
	reach->name = larger(reach->name, load_le32(p + TYPE_NAME));
	reach->type = larger(reach->type, load_le32(p + TYPE_SIZE_OR_TYPE) & (uint32_t)layout->refers);
}

/*
 * The same for what follows. True for a type that finish() must look at: one with bitfields, or an
 * integer that could be C's long.
 */
static bool reach_rest(const uint8_t *tail, uint32_t info, struct reach *reach)
{
	uint32_t vlen = info_vlen(info);

	switch (info_kind(info)) {
	case BTF_KIND_INT:
		return true;
	case BTF_KIND_ARRAY:
		reach->type = larger(reach->type, larger(load_le32(tail), load_le32(tail + 4)));
		return false;
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		return reach_entries(tail, vlen, MEMBER_SIZE, 0, 4, 8, reach) >> 24 && info >> 31;
	case BTF_KIND_ENUM:
		reach_entries(tail, vlen, ENUM_SIZE, 0, NOTHING, NOTHING, reach);
		return false;
	case BTF_KIND_ENUM64:
		reach_entries(tail, vlen, ENUM64_SIZE, 0, NOTHING, NOTHING, reach);
		return false;
	case BTF_KIND_FUNC_PROTO:
		reach_entries(tail, vlen, PARAM_SIZE, 0, 4, NOTHING, reach);
		return false;
	case BTF_KIND_DATASEC:
		reach_entries(tail, vlen, SECINFO_SIZE, NOTHING, 0, NOTHING, reach);
		return false;
	default:
		return false;
	}
}

static int bad_kind(uint32_t id, uint32_t kind, struct error *err)
{
	if (kind == BTF_KIND_UNKN)
		return error_set(err, -EBADMSG, "BTF: type %u: kind 0 is not a type", id);
	return error_set(err, -ENOTSUP,
			 "BTF: type %u: kind %u is newer than kind %u (enum64), the newest known", id,
			 kind, KIND_COUNT - 1);
}

static int cut_off(uint32_t id, struct error *err)
{
	return error_set(err, -EBADMSG, "BTF: type %u: cut off at the end of its section", id);
}

/* Ids that finish() looks at. */
struct later {
	uint32_t *ids;
	size_t count, capacity;
};

/* Notes a type for finish(). */
static int add_later(struct later *later, uint32_t id, struct error *err)
{
	if (array_grow(&later->ids, later->count, &later->capacity))
		return error_errno(err, -ENOMEM, "BTF");
	later->ids[later->count++] = id;
	return 0;
}

/* The walk; view->offsets has room for limit types. */
static int walk_types(struct btf_view *view, size_t limit, struct reach *reach,
		      struct later *later, struct error *err)
{
	const struct slice types = view->types;
	uint32_t *offsets = view->offsets, id;
	struct reach common = { 0 };     /* its own, so that it stays in registers */
	size_t at = 0;

	for (id = 1; at < types.size; id++) {
		const struct layout *layout;
		uint64_t size;
		uint32_t info;

		if (id > limit)
			return error_set(err, -ENOTSUP, "BTF: more than the limit of %u types",
					 BTF_MAX_TYPES);
		if (types.size - at < TYPE_SIZE)
			return cut_off(id, err);
		info = load_le32(types.data + at + TYPE_INFO);
		layout = &layouts[info_kind(info)];
		if (!layout->known)
			return bad_kind(id, info_kind(info), err);
		size = TYPE_SIZE + layout->fixed + (uint64_t)layout->entry * info_vlen(info);
		if (types.size - at < size)
			return cut_off(id, err);
		reach_common(types.data + at, layout, &common);
		if (layout->has_more && reach_rest(types.data + at + TYPE_SIZE, info, reach) &&
		    add_later(later, id, err))
			return -ENOMEM;
		offsets[id] = (uint32_t)at;
		at += size;
	}
	view->type_count = id;
	reach->name = larger(reach->name, common.name);
	reach->type = larger(reach->type, common.type);
	return 0;
}

static int index_types(struct btf_view *view, struct reach *reach, struct later *later,
		       struct error *err)
{
	size_t limit = view->types.size / TYPE_SIZE + 1;

	if (limit > BTF_MAX_TYPES)
		limit = BTF_MAX_TYPES;
	/* untouched pages of it cost nothing */
	view->offsets = malloc((limit + 1) * sizeof(*view->offsets));
	if (!view->offsets)
		return error_errno(err, -ENOMEM, "BTF");
	view->offsets[0] = 0;
	return walk_types(view, limit, reach, later, err);
}

static int damaged_type(struct error *err, uint32_t id, const char *what, uint32_t value)
{
	return error_set(err, -EBADMSG, "BTF: type %u: %s %u is out of range", id, what, value);
}

/* The walk found a reference that leads nowhere: names the first. */
static int find_culprit(const struct btf_view *view, struct error *err)
{
	uint32_t id;

	for (id = 1; id < view->type_count; id++) {
		const uint8_t *p = view->types.data + view->offsets[id];
		uint32_t info = load_le32(p + TYPE_INFO);
		struct reach reach = { 0 };

		reach_common(p, &layouts[info_kind(info)], &reach);
		reach_rest(p + TYPE_SIZE, info, &reach);
		if (reach.name >= view->strings.size)
			return damaged_type(err, id, "string offset", reach.name);
		if (reach.type >= view->type_count)
			return damaged_type(err, id, "reference to type", reach.type);
	}
	return 0;
}

/*
 * libbpf takes the size of a bitfield's unit from its type, whatever that is; for anything but an
 * integer or an enum it would read a type id. No compiler writes that, and the kernel refuses it.
 */
static int check_bitfields(const struct btf_view *view, uint32_t id, const struct btf_info *t,
			   struct error *err)
{
	uint32_t i;

	for (i = 0; i < t->vlen; i++) {
		struct btf_member_info member = btf_info_member(t, i);
		uint32_t kind;

		if (!member.bitfield_size)
			continue;
		kind = btf_view_type(view, btf_view_skip(view, member.type)).kind;
		if (kind != BTF_KIND_INT && !btf_kind_is_enum(kind))
			return damaged_type(err, id, "bitfield of type", member.type);
	}
	return 0;
}

/*
 * BTF does not say how large a pointer is; libbpf takes the size of the first integer that C would
 * call long (determine_ptr_size() in its btf.c), under any order of the words.
 */
bool btf_name_is_long(const char *name)
{
	static const char *const aliases[] = {
		"long", "long int", "int long", "unsigned long", "long unsigned", "unsigned long int",
		"unsigned int long", "long unsigned int", "long int unsigned", "int unsigned long",
		"int long unsigned",
	};
	size_t i;

	for (i = 0; i < sizeof(aliases) / sizeof(aliases[0]); i++)
		if (strcmp(name, aliases[i]) == 0)
			return true;
	return false;
}

/* What can be looked at only when all references are known to hold. */
static int finish(struct btf_view *view, const struct later *later, struct error *err)
{
	size_t i;
	int code;

	for (i = 0; i < later->count; i++) {
		uint32_t id = later->ids[i];
		struct btf_info t = btf_view_type(view, id);

		if (btf_kind_is_composite(t.kind)) {
			code = check_bitfields(view, id, &t, err);
			if (code)
				return code;
		} else if (!view->long_type && (t.size_or_type == 4 || t.size_or_type == 8) &&
			   btf_name_is_long(btf_view_string(view, t.name_off))) {
			view->long_type = id;
			view->pointer_size = t.size_or_type;
		}
	}
	return 0;
}

int btf_view_open(struct btf_view *view, struct slice raw, struct error *err)
{
	struct btf_view opened = { .type_count = 1 };
	struct reach reach = { 0 };
	struct later later = { 0 };
	int code;

	*view = (struct btf_view){ 0 };
	code = check_header(&opened, raw, err);
	if (!code)
		code = index_types(&opened, &reach, &later, err);
	if (!code && (reach.name >= opened.strings.size || reach.type >= opened.type_count))
		code = find_culprit(&opened, err);
	if (!code)
		code = finish(&opened, &later, err);
	free(later.ids);
	if (code) {
		free(opened.offsets);
		return code;
	}
	*view = opened;
	return 0;
}

void btf_view_close(struct btf_view *view)
{
	free(view->offsets);
	*view = (struct btf_view){ 0 };
}
