/* SPDX-License-Identifier: BSD-2-Clause */
/* Decoding what btf_view_open() has checked. */
#include <errno.h>

#include "core/btf.h"
#include "core/btf_layout.h"

/* A chain of qualifiers or arrays longer than this is a loop; libbpf stops at 32 arrays. */
enum { CHAIN_LIMIT = 64, RESOLVE_LIMIT = 32 };

static const char *const kind_names[] = {
	"void", "int", "pointer", "array", "struct", "union", "enum", "forward", "typedef", "volatile",
	"const", "restrict", "func", "func_proto", "var", "datasec", "float", "decl_tag", "type_tag",
	"enum64",
};

const char *btf_kind_name(uint32_t kind)
{
	return kind < sizeof(kind_names) / sizeof(kind_names[0]) ? kind_names[kind] : "unknown";
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
		.kind = info_kind(info),
		.vlen = info_vlen(info),
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
