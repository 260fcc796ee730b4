/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>

#include <linux/btf.h>

#include "payload/btf_parse.h"

enum { HEADER_SIZE = 24, KIND_ENUM64 = 19 };

struct parser {
	const struct strings *strings;
	struct slice names;      /* the BTF's string section; ends with NUL */
	const uint8_t *at, *end; /* of its types */
	bool is_bad;
};

/* The sections of a BTF in the layout that core/emit.c writes; false for any other. */
static bool open_sections(struct slice btf, struct slice *types, struct slice *names)
{
	uint32_t type_size, name_size;

	if (btf.size < HEADER_SIZE || load_le16(btf.data) != BTF_MAGIC ||
	    load_le32(btf.data + 4) != HEADER_SIZE || load_le32(btf.data + 8) != 0)
		return false;
	type_size = load_le32(btf.data + 12);
	name_size = load_le32(btf.data + 20);
	return load_le32(btf.data + 16) == type_size &&
	       slice_part(btf, HEADER_SIZE, type_size, types) &&
	       slice_part(btf, HEADER_SIZE + (uint64_t)type_size, name_size, names) &&
	       name_size > 0 && names->data[name_size - 1] == '\0';
}

int btf_gather_strings(struct slice btf, struct strings *strings)
{
	struct slice types, names;
	const char *at, *end;
	int code = 0;

	if (!open_sections(btf, &types, &names))
		return 0;
	at = (const char *)names.data;
	for (end = at + names.size; at < end && !code; at += strlen(at) + 1)
		code = strings_add(strings, at);
	return code;
}

static uint32_t word(struct parser *p)
{
	uint32_t value;

	if (p->end - p->at < 4) {
		p->is_bad = true;
		return 0;
	}
	value = load_le32(p->at);
	p->at += 4;
	return value;
}

/* Offsets within a string would find none: strings hold whole ones.  Bytes are compared anyway. */
static uint32_t name(struct parser *p)
{
	uint32_t offset = word(p);

	if (offset < p->names.size && (offset == 0 || p->names.data[offset - 1] == '\0'))
		return strings_offset(p->strings, (const char *)p->names.data + offset);
	p->is_bad = true;
	return 0;
}

static struct btf_part parse_part(struct parser *p, uint32_t kind)
{
	struct btf_part part = { .name = name(p) };

	if (btf_kind_part_has_type(kind))
		part.type = word(p);
	if (kind == BTF_KIND_STRUCT || kind == BTF_KIND_UNION || kind == KIND_ENUM64)
		part.value = word(p);
	else if (kind == BTF_KIND_ENUM)
		part.value = (uint64_t)(int64_t)(int32_t)word(p);
	if (kind == KIND_ENUM64)
		part.value |= (uint64_t)word(p) << 32;
	return part;
}

static int parse_type(struct parser *p, struct btf_model *out)
{
	struct btf_type_model type = { .name = name(p), .first_part = out->part_count };
	uint32_t info = word(p), words, i;
	int code;

	type.kind = info >> 24 & 0x1f;
	type.flag = info >> 31;
	type.value = word(p);
	words = type.kind == BTF_KIND_INT ? 1 : type.kind == BTF_KIND_ARRAY ? 3 : 0;
	for (i = 0; i < words; i++)
		type.extra[i] = word(p);
	if (btf_kind_has_parts(type.kind))
		type.vlen = info & 0xffff;
	if (!btf_kind_is_coded(type.kind))
		p->is_bad = true;
	code = btf_model_add_type(out, &type);
	for (i = 0; i < type.vlen && !code && !p->is_bad; i++) {
		struct btf_part part = parse_part(p, type.kind);

		code = btf_model_add_part(out, &part);
	}
	return code;
}

int btf_model_parse(struct slice btf, const struct strings *strings, struct btf_model *out,
		    bool *is_coded)
{
	struct parser p = { .strings = strings };
	struct slice types;
	int code = 0;

	*out = (struct btf_model){ 0 };
	*is_coded = open_sections(btf, &types, &p.names);
	if (!*is_coded)
		return 0;
	p.at = types.data;
	p.end = types.data + types.size;
	while (p.at < p.end && !code && !p.is_bad)
		code = parse_type(&p, out);
	*is_coded = !code && !p.is_bad && btf_model_is_closed(out);
	if (!*is_coded)
		btf_model_free(out);
	return code;
}
