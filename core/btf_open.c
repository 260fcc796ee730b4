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

#include "core/btf.h"
#include "core/btf_layout.h"

enum { NOTHING = -1 };

/* What follows the common part of a type, by kind. */
static const struct layout {
	bool known;
	bool refers;             /* size_or_type is a type id */
	uint8_t fixed;           /* bytes that follow once */
	uint8_t entry;           /* bytes that follow vlen times */
	int8_t entry_name;       /* where in an entry a string offset is */
	int8_t entry_type;       /* where in an entry a type id is */
} layouts[] = {
	[BTF_KIND_INT] = { true, false, INT_SIZE, 0, NOTHING, NOTHING },
	[BTF_KIND_PTR] = { true, true, 0, 0, NOTHING, NOTHING },
	[BTF_KIND_ARRAY] = { true, false, ARRAY_SIZE, 0, NOTHING, NOTHING },
	[BTF_KIND_STRUCT] = { true, false, 0, MEMBER_SIZE, 0, 4 },
	[BTF_KIND_UNION] = { true, false, 0, MEMBER_SIZE, 0, 4 },
	[BTF_KIND_ENUM] = { true, false, 0, ENUM_SIZE, 0, NOTHING },
	[BTF_KIND_FWD] = { true, false, 0, 0, NOTHING, NOTHING },
	[BTF_KIND_TYPEDEF] = { true, true, 0, 0, NOTHING, NOTHING },
	[BTF_KIND_VOLATILE] = { true, true, 0, 0, NOTHING, NOTHING },
	[BTF_KIND_CONST] = { true, true, 0, 0, NOTHING, NOTHING },
	[BTF_KIND_RESTRICT] = { true, true, 0, 0, NOTHING, NOTHING },
	[BTF_KIND_FUNC] = { true, true, 0, 0, NOTHING, NOTHING },
	[BTF_KIND_FUNC_PROTO] = { true, true, 0, PARAM_SIZE, 0, 4 },
	[BTF_KIND_VAR] = { true, true, VAR_SIZE, 0, NOTHING, NOTHING },
	[BTF_KIND_DATASEC] = { true, false, 0, SECINFO_SIZE, NOTHING, 0 },
	[BTF_KIND_FLOAT] = { true, false, 0, 0, NOTHING, NOTHING },
	[BTF_KIND_DECL_TAG] = { true, true, DECL_TAG_SIZE, 0, NOTHING, NOTHING },
	[BTF_KIND_TYPE_TAG] = { true, true, 0, 0, NOTHING, NOTHING },
	[BTF_KIND_ENUM64] = { true, false, 0, ENUM64_SIZE, 0, NOTHING },
};

enum { KIND_COUNT = sizeof(layouts) / sizeof(layouts[0]) };

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

static void raise_to(uint32_t *highest, uint32_t value)
{
	if (*highest < value)
		*highest = value;
}

/* What a type, known to lie within its section, refers to. */
static void add_reach(const uint8_t *p, uint32_t info, const struct layout *layout,
		      struct reach *reach)
{
	const uint8_t *entry = p + TYPE_SIZE + layout->fixed;
	uint32_t i;

	raise_to(&reach->name, load_le32(p + TYPE_NAME));
	if (layout->refers)
		raise_to(&reach->type, load_le32(p + TYPE_SIZE_OR_TYPE));
	if (info_kind(info) == BTF_KIND_ARRAY) {
		raise_to(&reach->type, load_le32(p + TYPE_SIZE));
		raise_to(&reach->type, load_le32(p + TYPE_SIZE + 4));
	}
	if (!layout->entry)
		return; /* vlen means nothing */
	for (i = 0; i < info_vlen(info); i++, entry += layout->entry) {
		if (layout->entry_name != NOTHING)
			raise_to(&reach->name, load_le32(entry + layout->entry_name));
		if (layout->entry_type != NOTHING)
			raise_to(&reach->type, load_le32(entry + layout->entry_type));
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

/* The walk. */
static int index_types(struct btf_view *view, struct reach *reach, struct error *err)
{
	size_t limit = view->types.size / TYPE_SIZE + 1, at = 0;
	const uint8_t *types = view->types.data;

	if (limit > BTF_MAX_TYPES)
		limit = BTF_MAX_TYPES;
	/* untouched pages of it cost nothing */
	view->offsets = malloc((limit + 1) * sizeof(*view->offsets));
	if (!view->offsets)
		return error_errno(err, -ENOMEM, "BTF");
	view->offsets[0] = 0;
	for (view->type_count = 1; at < view->types.size; view->type_count++) {
		const struct layout *layout;
		uint64_t tail;
		uint32_t info;

		if (view->type_count > limit)
			return error_set(err, -ENOTSUP, "BTF: more than the limit of %u types",
					 BTF_MAX_TYPES);
		if (!range_fits(view->types.size, at, TYPE_SIZE))
			return cut_off(view->type_count, err);
		info = load_le32(types + at + TYPE_INFO);
		if (info_kind(info) >= KIND_COUNT || !layouts[info_kind(info)].known)
			return bad_kind(view->type_count, info_kind(info), err);
		layout = &layouts[info_kind(info)];
		tail = layout->fixed + (uint64_t)layout->entry * info_vlen(info);
		if (!range_fits(view->types.size, at + TYPE_SIZE, tail))
			return cut_off(view->type_count, err);
		add_reach(types + at, info, layout, reach);
		view->offsets[view->type_count] = (uint32_t)at;
		at += TYPE_SIZE + tail;
	}
	return 0;
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

		add_reach(p, info, &layouts[info_kind(info)], &reach);
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
static int finish(struct btf_view *view, struct error *err)
{
	uint32_t id;
	int code;

	for (id = 1; id < view->type_count; id++) {
		struct btf_info t = btf_view_type(view, id);

		if (btf_kind_is_composite(t.kind) && t.kind_flag) {
			code = check_bitfields(view, id, &t, err);
			if (code)
				return code;
		}
		if (!view->long_type && t.kind == BTF_KIND_INT &&
		    (t.size_or_type == 4 || t.size_or_type == 8) &&
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
	int code;

	*view = (struct btf_view){ 0 };
	code = check_header(&opened, raw, err);
	if (!code)
		code = index_types(&opened, &reach, err);
	if (!code && (reach.name >= opened.strings.size || reach.type >= opened.type_count))
		code = find_culprit(&opened, err);
	if (!code)
		code = finish(&opened, err);
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
