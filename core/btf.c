/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/btf.h"

/*
 * Byte offsets of struct btf_header and struct btf_type. The info word holds vlen in bits 0-23,
 * kind in 24-30 and kind_flag in 31; kernels before 7.1 use 16 and 5 bits of the first two, the
 * rest zero.
 */
enum {
	HEADER_VERSION = 2, HEADER_LENGTH = 4,
	HEADER_TYPE_OFF = 8, HEADER_TYPE_LEN = 12, HEADER_STR_OFF = 16, HEADER_STR_LEN = 20,
	HEADER_SIZE = 24,

	TYPE_NAME = 0, TYPE_INFO = 4, TYPE_SIZE_OR_TYPE = 8, TYPE_SIZE = 12,

	MEMBER_SIZE = 12, ENUM_SIZE = 8, ENUM64_SIZE = 12, PARAM_SIZE = 8, SECINFO_SIZE = 12,
	ARRAY_SIZE = 12, INT_SIZE = 4, VAR_SIZE = 4, DECL_TAG_SIZE = 4,

	/* A chain of qualifiers or arrays longer than this is a loop; libbpf stops at 32 arrays. */
	CHAIN_LIMIT = 64,
	RESOLVE_LIMIT = 32,
};

static const char *const kind_names[] = {
	"void", "int", "pointer", "array", "struct", "union", "enum", "forward", "typedef", "volatile",
	"const", "restrict", "func", "func_proto", "var", "datasec", "float", "decl_tag", "type_tag",
	"enum64",
};

enum { KIND_COUNT = sizeof(kind_names) / sizeof(kind_names[0]) };

const char *btf_kind_name(uint32_t kind)
{
	return kind < KIND_COUNT ? kind_names[kind] : "unknown";
}

/* Bytes behind the common part of a type. */
static uint64_t tail_size(uint32_t kind, uint32_t vlen)
{
	switch (kind) {
	case BTF_KIND_INT:
		return INT_SIZE;
	case BTF_KIND_ARRAY:
		return ARRAY_SIZE;
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		return (uint64_t)vlen * MEMBER_SIZE;
	case BTF_KIND_ENUM:
		return (uint64_t)vlen * ENUM_SIZE;
	case BTF_KIND_ENUM64:
		return (uint64_t)vlen * ENUM64_SIZE;
	case BTF_KIND_FUNC_PROTO:
		return (uint64_t)vlen * PARAM_SIZE;
	case BTF_KIND_VAR:
		return VAR_SIZE;
	case BTF_KIND_DATASEC:
		return (uint64_t)vlen * SECINFO_SIZE;
	case BTF_KIND_DECL_TAG:
		return DECL_TAG_SIZE;
	default:
		return 0;
	}
}

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
	if (view->strings.size == 0)
		return error_set(err, -EBADMSG, "BTF: the string section is empty");
	if (view->strings.data[0] != '\0' && view->types.size > 0)
		return error_set(err, -ENOTSUP,
				 "BTF: split (module) BTF, which is of use only with its base");
	if (view->strings.data[0] != '\0' || view->strings.data[view->strings.size - 1] != '\0')
		return error_set(err, -EBADMSG, "BTF: the string section does not start and end with NUL");
	return 0;
}

static int damaged_type(struct error *err, uint32_t id, const char *what, uint32_t value)
{
	return error_set(err, -EBADMSG, "BTF: type %u: %s %u is out of range", id, what, value);
}

/* Counts the types, checks that each lies within its section, and that its kind is known. */
static int count_types(const struct btf_view *view, uint32_t *count, struct error *err)
{
	size_t at = 0;

	*count = 1;
	while (at < view->types.size) {
		struct slice fixed, tail;
		uint32_t info, kind;

		if (!slice_part(view->types, at, TYPE_SIZE, &fixed))
			return error_set(err, -EBADMSG, "BTF: type %u: cut off at the end of its section",
					 *count);
		info = load_le32(fixed.data + TYPE_INFO);
		kind = info >> 24 & 0x7f;
		if (kind == BTF_KIND_UNKN)
			return error_set(err, -EBADMSG, "BTF: type %u: kind 0 is not a type", *count);
		if (kind >= KIND_COUNT)
			return error_set(err, -ENOTSUP,
					 "BTF: type %u: kind %u is newer than kind %u (enum64), the newest known",
					 *count, kind, KIND_COUNT - 1);
		if (!slice_part(view->types, at + TYPE_SIZE, tail_size(kind, info & 0xffffff), &tail))
			return error_set(err, -EBADMSG, "BTF: type %u (%s): cut off at the end of its section",
					 *count, btf_kind_name(kind));
		at += TYPE_SIZE + tail.size;
		if (++*count > BTF_MAX_TYPES)
			return error_set(err, -ENOTSUP, "BTF: more than the limit of %u types", BTF_MAX_TYPES);
	}
	return 0;
}

static int check_reference(const struct btf_view *view, uint32_t id, uint32_t name_off,
			   uint32_t type,
			   struct error *err)
{
	if (name_off >= view->strings.size)
		return damaged_type(err, id, "string offset", name_off);
	if (type >= view->type_count)
		return damaged_type(err, id, "reference to type", type);
	return 0;
}

static bool kind_refers(uint32_t kind)
{
	switch (kind) {
	case BTF_KIND_PTR:
	case BTF_KIND_TYPEDEF:
	case BTF_KIND_VOLATILE:
	case BTF_KIND_CONST:
	case BTF_KIND_RESTRICT:
	case BTF_KIND_FUNC:
	case BTF_KIND_FUNC_PROTO:
	case BTF_KIND_VAR:
	case BTF_KIND_DECL_TAG:
	case BTF_KIND_TYPE_TAG:
		return true;
	default:
		return false;
	}
}

/*
 * libbpf takes the size of a bitfield's unit from its type, whatever that is; for anything but an
 * integer or an enum it would read a type id.  No compiler writes that, and the kernel refuses it.
 */
static int check_bitfield(const struct btf_view *view, uint32_t id, struct btf_member_info member,
			  struct error *err)
{
	uint32_t kind = btf_view_type(view, btf_view_skip(view, member.type)).kind;

	if (member.bitfield_size && kind != BTF_KIND_INT && !btf_kind_is_enum(kind))
		return damaged_type(err, id, "bitfield of type", member.type);
	return 0;
}

/* Every name and every reference of one type. */
static int check_type(const struct btf_view *view, uint32_t id, struct error *err)
{
	struct btf_info t = btf_view_type(view, id);
	uint32_t i;
	int code;

	code = check_reference(view, id, t.name_off, kind_refers(t.kind) ? t.size_or_type : 0, err);
	if (code)
		return code;
	if (t.kind == BTF_KIND_ARRAY) {
		code = check_reference(view, id, 0, btf_info_element(&t), err);
		return code ? code : check_reference(view, id, 0, btf_info_index_type(&t), err);
	}
	for (i = 0; i < t.vlen; i++) {
		const uint8_t *p;

		if (btf_kind_is_composite(t.kind)) {
			p = t.tail + (size_t)i * MEMBER_SIZE;
			code = check_reference(view, id, load_le32(p), load_le32(p + 4), err);
			if (!code)
				code = check_bitfield(view, id, btf_info_member(&t, i), err);
		} else if (btf_kind_is_enum(t.kind)) {
			p = t.tail + (size_t)i * (t.kind == BTF_KIND_ENUM ? ENUM_SIZE : ENUM64_SIZE);
			code = check_reference(view, id, load_le32(p), 0, err);
		} else if (t.kind == BTF_KIND_FUNC_PROTO) {
			p = t.tail + (size_t)i * PARAM_SIZE;
			code = check_reference(view, id, load_le32(p), load_le32(p + 4), err);
		} else if (t.kind == BTF_KIND_DATASEC) {
			code = check_reference(view, id, 0, load_le32(t.tail + (size_t)i * SECINFO_SIZE), err);
		} else {
			break; /* vlen means nothing for the other kinds */
		}
		if (code)
			return code;
	}
	return 0;
}

/*
 * BTF does not say how large a pointer is; libbpf takes the size of the first integer that C would
 * call long (determine_ptr_size() in its btf.c), under any order of the words.
 */
static bool is_long(const char *name)
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

static int index_types(struct btf_view *view, struct error *err)
{
	uint32_t id, at = 0;
	int code;

	view->offsets = calloc(view->type_count, sizeof(*view->offsets));
	if (!view->offsets)
		return error_errno(err, -ENOMEM, "BTF");
	for (id = 1; id < view->type_count; id++) {
		struct btf_info t;

		view->offsets[id] = at;
		t = btf_view_type(view, id);
		at += TYPE_SIZE + (uint32_t)tail_size(t.kind, t.vlen);
	}
	for (id = 1; id < view->type_count; id++) {
		struct btf_info t;

		code = check_type(view, id, err);
		if (code)
			return code;
		t = btf_view_type(view, id);
		if (!view->long_type && t.kind == BTF_KIND_INT &&
		    (t.size_or_type == 4 || t.size_or_type == 8) &&
		    is_long(btf_view_string(view, t.name_off))) {
			view->long_type = id;
			view->pointer_size = t.size_or_type;
		}
	}
	return 0;
}

int btf_view_open(struct btf_view *view, struct slice raw, struct error *err)
{
	struct btf_view opened = { .type_count = 1 };
	uint32_t count = 1;
	int code;

	*view = (struct btf_view){ 0 };
	code = check_header(&opened, raw, err);
	if (!code)
		code = count_types(&opened, &count, err);
	if (code)
		return code;
	opened.type_count = count;
	code = index_types(&opened, err);
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

struct btf_info btf_view_type(const struct btf_view *view, uint32_t id)
{
	const uint8_t *p;
	uint32_t info;

	if (id == 0 || id >= view->type_count)
		return (struct btf_info){ .kind = BTF_KIND_UNKN };
	p = view->types.data + view->offsets[id];
	info = load_le32(p + TYPE_INFO);
	return (struct btf_info){
		.name_off = load_le32(p + TYPE_NAME),
		.kind = info >> 24 & 0x7f,
		.vlen = info & 0xffffff,
		.kind_flag = info >> 31,
		.size_or_type = load_le32(p + TYPE_SIZE_OR_TYPE),
		.tail = p + TYPE_SIZE,
	};
}

const char *btf_view_string(const struct btf_view *view, uint32_t offset)
{
	return offset < view->strings.size ? (const char *)view->strings.data + offset : "";
}

struct btf_member_info btf_info_member(const struct btf_info *type, uint32_t i)
{
	const uint8_t *p = type->tail + (size_t)i * MEMBER_SIZE;
	uint32_t offset = load_le32(p + 8);

	/* With kind_flag the offset's upper byte is the size of a bitfield. */
	return (struct btf_member_info){
		.name_off = load_le32(p),
		.type = load_le32(p + 4),
		.bit_offset = type->kind_flag ? offset & 0xffffff : offset,
		.bitfield_size = type->kind_flag ? offset >> 24 : 0,
	};
}

struct btf_enumerator btf_info_enumerator(const struct btf_info *type, uint32_t i)
{
	const uint8_t *p;

	if (type->kind == BTF_KIND_ENUM) {
		p = type->tail + (size_t)i * ENUM_SIZE;
		return (struct btf_enumerator){
			.name_off = load_le32(p),
			.value = (uint64_t)(int64_t)(int32_t)load_le32(p + 4),
		};
	}
	p = type->tail + (size_t)i * ENUM64_SIZE;
	return (struct btf_enumerator){
		.name_off = load_le32(p),
		.value = load_le64(p + 4),
	};
}

uint32_t btf_info_param(const struct btf_info *type, uint32_t i)
{
	return load_le32(type->tail + (size_t)i * PARAM_SIZE + 4);
}

uint32_t btf_info_section_entry(const struct btf_info *type, uint32_t i)
{
	return load_le32(type->tail + (size_t)i * SECINFO_SIZE);
}

uint32_t btf_info_element(const struct btf_info *type)
{
	return load_le32(type->tail);
}

uint32_t btf_info_index_type(const struct btf_info *type)
{
	return load_le32(type->tail + 4);
}

uint32_t btf_info_nelems(const struct btf_info *type)
{
	return load_le32(type->tail + 8);
}

uint32_t btf_info_int(const struct btf_info *type)
{
	return load_le32(type->tail);
}

uint32_t btf_view_skip(const struct btf_view *view, uint32_t id)
{
	int steps;

	for (steps = 0; steps < CHAIN_LIMIT; steps++) {
		struct btf_info t = btf_view_type(view, id);

		switch (t.kind) {
		case BTF_KIND_TYPEDEF:
		case BTF_KIND_VOLATILE:
		case BTF_KIND_CONST:
		case BTF_KIND_RESTRICT:
		case BTF_KIND_TYPE_TAG:
			id = t.size_or_type;
			break;
		default:
			return id;
		}
	}
	return 0;
}

static int64_t array_size(uint64_t count, uint64_t size)
{
	return count && size > UINT32_MAX / count ? -E2BIG : (int64_t)(count * size);
}

int64_t btf_view_size(const struct btf_view *view, uint32_t id)
{
	uint64_t count = 1;
	int steps;

	for (steps = 0; steps < RESOLVE_LIMIT; steps++) {
		struct btf_info t = btf_view_type(view, id);

		switch (t.kind) {
		case BTF_KIND_INT:
		case BTF_KIND_STRUCT:
		case BTF_KIND_UNION:
		case BTF_KIND_ENUM:
		case BTF_KIND_ENUM64:
		case BTF_KIND_DATASEC:
		case BTF_KIND_FLOAT:
			return array_size(count, t.size_or_type);
		case BTF_KIND_PTR:
			return array_size(count, view->pointer_size ? view->pointer_size : sizeof(uint64_t));
		case BTF_KIND_TYPEDEF:
		case BTF_KIND_VOLATILE:
		case BTF_KIND_CONST:
		case BTF_KIND_RESTRICT:
		case BTF_KIND_VAR:
		case BTF_KIND_DECL_TAG:
		case BTF_KIND_TYPE_TAG:
			id = t.size_or_type;
			break;
		case BTF_KIND_ARRAY:
			if (array_size(count, btf_info_nelems(&t)) < 0)
				return -E2BIG;
			count *= btf_info_nelems(&t);
			id = btf_info_element(&t);
			break;
		default:
			return -EINVAL;
		}
	}
	return -EINVAL;
}
