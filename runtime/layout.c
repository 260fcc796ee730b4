/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "loader/types.h"

#include "runtime/layout.h"
#include "runtime/layout_reading.h"

enum { MAX_DEPTH = 8, MAX_FIELDS = 4096 };

static int read_struct(struct layout_reading *reading, uint32_t type_id, uint32_t offset,
		       unsigned depth, struct layout *out);

static int out_of_memory(struct layout_reading *reading)
{
	return error_errno(reading->err, -ENOMEM, "event %s", reading->source->event);
}

int layout_refuse(struct layout_reading *reading, const char *member, const char *reason)
{
	return error_set(reading->err, -ENOTSUP, "event %s: member %s: %s", reading->source->event,
			 *member ? member : "without name", reason);
}

int layout_read_inner(struct layout_reading *reading, uint32_t type_id, unsigned depth,
		      struct field *field)
{
	field->inner = calloc(1, sizeof(*field->inner));
	if (!field->inner)
		return out_of_memory(reading);
	return read_struct(reading, type_id, field->offset, depth, field->inner);
}

/* Characters are a string, bytes are digits, anything else is an array of what it holds. */
static int form_of_array(struct layout_reading *reading, const struct btf_type *type,
			 unsigned depth, struct field *field)
{
	const struct btf_array *array = btf_array(type);
	int element_id = btf__resolve_type(reading->btf, array->type);
	const struct btf_type *element;
	struct field *inner;
	int64_t size;

	if (element_id < 0)
		return layout_refuse(reading, field->name, "its element has no type");
	element = btf__type_by_id(reading->btf, (uint32_t)element_id);
	if (type_is_char(reading->btf, element)) {
		field->form = FORM_STRING;
		return 0;
	}
	if (btf_is_int(element) && element->size == 1) {
		field->form = FORM_BYTES;
		return 0;
	}
	size = btf__resolve_size(reading->btf, (uint32_t)element_id);
	if (size <= 0)
		return layout_refuse(reading, field->name, "its element has no size");
	field->form = FORM_ARRAY;
	field->count = array->nelems;
	field->element = (uint32_t)size;
	field->inner = calloc(1, sizeof(*field->inner));
	inner = calloc(1, sizeof(*inner));
	if (!field->inner || !inner) {
		free(inner);
		return out_of_memory(reading);
	}
	*inner = (struct field){ .name = field->name, .size = field->element };
	field->inner->fields = inner;
	field->inner->count = 1;
	return layout_form_of_type(reading, element_id, depth + 1, inner);
}

static enum field_form form_of_int(const struct btf_type *type)
{
	if (type->size > 8)
		return FORM_BYTES;
	if (btf_int_encoding(type) & BTF_INT_BOOL)
		return FORM_BOOL;
	return btf_int_encoding(type) & BTF_INT_SIGNED ? FORM_SIGNED : FORM_UNSIGNED;
}

static int form_of_struct(struct layout_reading *reading, uint32_t type_id, unsigned depth,
			  struct field *field)
{
	field->form = *field->name ? FORM_STRUCT : FORM_INLINE;
	return layout_read_inner(reading, type_id, depth + 1, field);
}

int layout_form_of_type(struct layout_reading *reading, int type_id, unsigned depth,
			struct field *field)
{
	const struct btf_type *type = btf__type_by_id(reading->btf, (uint32_t)type_id);

	if (depth > MAX_DEPTH)
		return layout_refuse(reading, field->name, "types are nested too deep");
	switch (btf_kind(type)) {
	case BTF_KIND_INT:
		field->form = form_of_int(type);
		return 0;
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
		field->form = FORM_ENUM;
		field->enum_type = (uint32_t)type_id;
		return 0;
	case BTF_KIND_PTR:
		field->form = FORM_HEX;
		return 0;
	case BTF_KIND_ARRAY:
		return form_of_array(reading, type, depth, field);
	case BTF_KIND_UNION:
		if (!reading->source->shows_unions)
			return layout_refuse(reading, field->name,
					     "is a union, which nobody can tell how to read");
		return form_of_struct(reading, (uint32_t)type_id, depth, field);
	case BTF_KIND_STRUCT:
		return form_of_struct(reading, (uint32_t)type_id, depth, field);
	case BTF_KIND_FLOAT:
		return layout_refuse(reading, field->name, "is a floating-point number");
	default:
		return layout_refuse(reading, field->name, "has a type that cannot be printed");
	}
}

static int read_member(struct layout_reading *reading, uint32_t parent_id, uint16_t i,
		       uint32_t offset, unsigned depth, struct field *field)
{
	const struct btf_type *parent = btf__type_by_id(reading->btf, parent_id);
	const struct layout_place place = {
		.parent_id = parent_id, .parent = parent, .i = i, .offset = offset,
	};
	const struct btf_member *member = &btf_members(parent)[i];
	const uint32_t first = btf_member_bit_offset(parent, i);
	const uint32_t bits = btf_member_bitfield_size(parent, i);
	int id = btf__resolve_type(reading->btf, member->type);
	int64_t size = btf__resolve_size(reading->btf, member->type);

	*field = (struct field){
		.name = type_text(reading->btf, member->name_off),
		.offset = offset + first / 8,
	};
	if (id < 0 || size < 0 || size > UINT32_MAX)
		return layout_refuse(reading, field->name, "has no size");
	if (bits > 64 || (!bits && first % 8))
		return layout_refuse(reading, field->name, "does not begin at a byte");
	field->size = bits ? (first % 8 + bits + 7) / 8 : (uint32_t)size;
	field->first_bit = (uint8_t)(first % 8);
	field->bits = (uint8_t)bits;
	return format_read(reading, &place, id, depth, field);
}

static int read_struct(struct layout_reading *reading, uint32_t type_id, uint32_t offset,
		       unsigned depth, struct layout *out)
{
	const struct btf_type *type = btf__type_by_id(reading->btf, type_id);
	uint16_t i;
	int code;

	if (depth > MAX_DEPTH || (reading->fields += btf_vlen(type)) > MAX_FIELDS)
		return layout_refuse(reading, "", "types are nested too deep");
	out->fields = calloc((size_t)btf_vlen(type) + 1, sizeof(*out->fields));
	if (!out->fields)
		return out_of_memory(reading);
	for (i = 0; i < btf_vlen(type); i++) {
		/* Counted before it is read, so that a failure frees what it holds. */
		out->count++;
		code = read_member(reading, type_id, i, offset, depth, &out->fields[i]);
		if (code)
			return code;
	}
	return 0;
}

int layout_read(const struct layout_source *source, uint32_t struct_id, struct layout *out,
		struct error *err)
{
	struct layout_reading reading = { .source = source, .btf = source->btf, .err = err };

	*out = (struct layout){ .fields = NULL };
	return read_struct(&reading, struct_id, 0, 0, out);
}

void layout_free(struct layout *layout)
{
	size_t i;

	for (i = 0; i < layout->count; i++) {
		if (layout->fields[i].inner)
			layout_free(layout->fields[i].inner);
		free(layout->fields[i].inner);
	}
	free(layout->fields);
	*layout = (struct layout){ .fields = NULL };
}
