/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "core/spec.h"

/* The end of a flavour's separator: exactly three underscores between two other characters. */
size_t essential_length(const char *name)
{
	size_t length = strlen(name), i;

	for (i = length >= 5 ? length - 4 : 0; i > 0; i--)
		if (name[i] == '_' && name[i + 1] == '_' && name[i + 2] == '_' && name[i - 1] != '_' &&
		    name[i + 3] != '_')
			return i;
	return length;
}

bool essential_equal(const char *a, const char *b)
{
	size_t length = essential_length(a);

	return length == essential_length(b) && strncmp(a, b, length) == 0;
}

bool spec_is_flexible(const struct btf_view *btf, const struct accessor *of, uint32_t nelems)
{
	return of->name && nelems == 0 && of->index + 1 == btf_view_type(btf, of->type).vlen;
}

static void push(struct spec *spec, const char *name, uint32_t type, uint32_t index)
{
	spec->path[spec->length++] = (struct accessor){ .name = name, .type = type, .index = index };
}

/* "0:1:2" to numbers; what strtol(3) takes for one, libbpf's sscanf(3) does too. */
static int parse_access(const char *access, uint32_t out[static SPEC_MAX], uint32_t *count)
{
	char *end;
	long value;

	if (*access == '\0' || *access == ':')
		return -EINVAL;
	for (*count = 0; *access; access = end) {
		if (*access == ':')
			access++;
		if (*count == SPEC_MAX)
			return -E2BIG;
		value = strtol(access, &end, 10);
		if (end == access || value < 0 || value > INT_MAX)
			return -EINVAL;
		out[(*count)++] = (uint32_t)value;
	}
	return 0;
}

/* One step into a struct; the anonymous ones on the way leave no accessor. */
static int step_member(struct spec *spec, const struct btf_info *t, uint32_t *id, uint32_t index)
{
	struct btf_member_info member;

	if (index >= t->vlen)
		return -EINVAL;
	member = btf_info_member(t, index);
	spec->bit_offset += member.bit_offset;
	if (member.name_off) {
		const char *name = btf_view_string(spec->btf, member.name_off);

		if (!*name)
			return -EINVAL;
		push(spec, name, *id, index);
	}
	*id = member.type;
	return 0;
}

static int step_element(struct spec *spec, const struct btf_info *t, uint32_t *id, uint32_t index)
{
	uint32_t nelems = btf_info_nelems(t);
	int64_t size;

	if (index >= nelems && !spec_is_flexible(spec->btf, &spec->path[spec->length - 1], nelems))
		return -EINVAL;
	*id = btf_view_skip(spec->btf, btf_info_element(t));
	push(spec, NULL, *id, index);
	size = btf_view_size(spec->btf, *id);
	if (size < 0)
		return (int)size;
	spec->bit_offset += index * (uint32_t)size * 8;
	return 0;
}

static int parse_field(struct spec *spec, uint32_t id, const uint32_t *raw, uint32_t count)
{
	int64_t size = btf_view_size(spec->btf, id);
	uint32_t i;
	int err = 0;

	if (size < 0)
		return (int)size;
	spec->bit_offset = raw[0] * (uint32_t)size * 8;
	for (i = 1; i < count && !err; i++) {
		struct btf_info t;

		id = btf_view_skip(spec->btf, id);
		t = btf_view_type(spec->btf, id);
		if (btf_kind_is_composite(t.kind))
			err = step_member(spec, &t, &id, raw[i]);
		else if (t.kind == BTF_KIND_ARRAY)
			err = step_element(spec, &t, &id, raw[i]);
		else
			err = -EINVAL;
	}
	return err;
}

int spec_parse(const struct btf_view *btf, uint32_t root, uint32_t kind, const char *access,
	       struct spec *spec)
{
	uint32_t raw[SPEC_MAX], count, id;
	struct btf_info t;
	int err;

	*spec = (struct spec){ .btf = btf, .root = root, .kind = kind };
	if (relo_is_type(kind))
		return strcmp(access, "0") == 0 ? 0 : -EINVAL;
	err = parse_access(access, raw, &count);
	if (err)
		return err;
	spec->depth = count;
	id = btf_view_skip(btf, root);
	t = btf_view_type(btf, id);
	if (relo_is_enumerator(kind)) {
		if (!btf_kind_is_enum(t.kind) || count > 1 || raw[0] >= t.vlen)
			return -EINVAL;
		push(spec, btf_view_string(btf, btf_info_enumerator(&t, raw[0]).name_off), id, raw[0]);
		return 0;
	}
	push(spec, NULL, id, raw[0]);
	return relo_is_field(kind) ? parse_field(spec, id, raw, count) : -EINVAL;
}

/* What there is to know about the field that a way ends at. */
struct field {
	uint32_t byte_offset, byte_size, bit_offset, bit_size;
	uint32_t type;
	bool bitfield;
};

/* The smallest aligned load, of at most 8 bytes, that holds the whole bitfield. */
static int measure_bitfield(struct field *field, uint32_t declared_size)
{
	uint32_t size = declared_size;

	if (size == 0)
		return -EINVAL;
	for (;;) {
		field->byte_offset = field->bit_offset / 8 / size * size;
		if (field->bit_offset + field->bit_size - field->byte_offset * 8 <= size * 8)
			break;
		if (size >= 8)
			return -E2BIG;
		size *= 2;
	}
	field->byte_size = size;
	return 0;
}

static int measure(const struct spec *spec, struct field *field)
{
	const struct accessor *last = &spec->path[spec->length - 1];
	struct btf_info owner = btf_view_type(spec->btf, last->type);
	struct btf_member_info member = btf_info_member(&owner, last->index);
	int64_t size;

	*field = (struct field){
		.type = btf_view_skip(spec->btf, member.type),
		.bit_offset = spec->bit_offset,
		.bit_size = member.bitfield_size,
		.bitfield = member.bitfield_size > 0,
	};
	if (field->bitfield)
		return measure_bitfield(field, btf_view_type(spec->btf, field->type).size_or_type);
	size = btf_view_size(spec->btf, field->type);
	if (size < 0)
		return -EINVAL;
	field->byte_size = (uint32_t)size;
	field->byte_offset = field->bit_offset / 8;
	field->bit_size = field->byte_size * 8;
	return 0;
}

/* The size of what an array, of however many dimensions, is an array of. */
static int64_t innermost_size(const struct btf_view *btf, uint32_t id)
{
	int steps;

	for (steps = 0; steps < SPEC_MAX; steps++) {
		struct btf_info t;

		id = btf_view_skip(btf, id);
		t = btf_view_type(btf, id);
		if (t.kind != BTF_KIND_ARRAY)
			return btf_view_size(btf, id);
		id = btf_info_element(&t);
	}
	return -EINVAL;
}

static int note_sizes(const struct spec *spec, uint32_t type, struct spec_value *out)
{
	int64_t whole = btf_view_size(spec->btf, type);
	int64_t element = innermost_size(spec->btf, type);

	if (whole < 0 || element < 0)
		return -EINVAL;
	out->size_whole = (uint32_t)whole;
	out->size_element = (uint32_t)element;
	out->type = type;
	return 0;
}

static bool is_signed(const struct btf_view *btf, uint32_t type)
{
	struct btf_info t = btf_view_type(btf, type);

	if (btf_kind_is_enum(t.kind))
		return t.kind_flag;
	return t.kind == BTF_KIND_INT && (btf_info_int(&t) >> 24 & BTF_INT_SIGNED);
}

/* An array element has an offset and a size, nothing else. */
static int element_value(const struct spec *spec, struct spec_value *out)
{
	uint32_t type = spec->path[spec->length - 1].type;
	int64_t size;

	if (spec->kind == BPF_CORE_FIELD_BYTE_OFFSET) {
		out->value = spec->bit_offset / 8;
		return note_sizes(spec, type, out);
	}
	if (spec->kind != BPF_CORE_FIELD_BYTE_SIZE)
		return -EINVAL;
	size = btf_view_size(spec->btf, type);
	out->value = size < 0 ? 0 : (uint64_t)size;
	return size < 0 ? -EINVAL : 0;
}

static int field_value(const struct spec *spec, struct spec_value *out)
{
	struct field field;
	int err;

	if (spec->kind == BPF_CORE_FIELD_EXISTS) {
		out->value = 1;
		return 0;
	}
	if (!spec->path[spec->length - 1].name)
		return element_value(spec, out);
	err = measure(spec, &field);
	if (err)
		return err;
	switch (spec->kind) {
	case BPF_CORE_FIELD_BYTE_OFFSET:
		out->value = field.byte_offset;
		return field.bitfield ? 0 : note_sizes(spec, field.type, out);
	case BPF_CORE_FIELD_BYTE_SIZE:
		out->value = field.byte_size;
		return 0;
	case BPF_CORE_FIELD_SIGNED:
		out->value = is_signed(spec->btf, field.type);
		return 0;
	case BPF_CORE_FIELD_LSHIFT_U64: /* for a little-endian load into 64 bits */
		out->value = (uint32_t)(64 - (field.bit_offset + field.bit_size - field.byte_offset * 8));
		return 0;
	case BPF_CORE_FIELD_RSHIFT_U64:
		out->value = (uint32_t)(64 - field.bit_size);
		return 0;
	default:
		return -EOPNOTSUPP;
	}
}

static int type_value(const struct spec *spec, struct spec_value *out)
{
	int64_t size;

	switch (spec->kind) {
	case BPF_CORE_TYPE_ID_TARGET:
	case BPF_CORE_TYPE_ID_LOCAL:
		out->value = spec->root;
		return 0;
	case BPF_CORE_TYPE_SIZE:
		size = btf_view_size(spec->btf, spec->root);
		if (size < 0)
			return -EINVAL;
		out->value = (uint64_t)size;
		return 0;
	default:
		out->value = 1;
		return 0;
	}
}

int spec_value(const struct spec *spec, struct spec_value *out)
{
	struct btf_info t;

	*out = (struct spec_value){ 0 };
	if (relo_is_field(spec->kind))
		return field_value(spec, out);
	if (relo_is_type(spec->kind))
		return type_value(spec, out);
	if (spec->kind == BPF_CORE_ENUMVAL_EXISTS) {
		out->value = 1;
		return 0;
	}
	t = btf_view_type(spec->btf, spec->path[0].type);
	out->value = btf_info_enumerator(&t, spec->path[0].index).value;
	return 0;
}
