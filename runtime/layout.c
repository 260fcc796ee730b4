/* SPDX-License-Identifier: BSD-2-Clause */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"

#include "runtime/layout.h"

#define EVENT_ENUM "event_type"
#define EVENT_PREFIX "event_"

enum { MAX_DEPTH = 8, MAX_FIELDS = 4096 };

/* What is being read, for messages and limits. */
struct reading {
	const struct btf *btf;
	const char *event;
	size_t fields;
	struct error *err;
};

/* The forms that a tag "format:NAME" asks for, and the type that they need. */
static const struct {
	const char *name;
	enum field_form form;
	uint32_t size;       /* of the member; 0 for any */
	bool number, composite, sibling;
} FORMATS[] = {
	{ "event", FORM_EVENT, 4, true, false, false },
	{ "hex", FORM_HEX, 0, true, false, false },
	{ "monotonic", FORM_MONOTONIC, 8, true, false, false },
	{ "boottime", FORM_BOOTTIME, 8, true, false, false },
	{ "duration", FORM_DURATION, 8, true, false, false },
	{ "ipv4", FORM_IPV4, 4, false, false, false },
	{ "ipv6", FORM_IPV6, 16, false, false, false },
	{ "address", FORM_ADDRESS, 16, false, false, true },
	{ "string", FORM_STRING, 0, false, false, false },
	{ "list", FORM_LIST, 0, false, false, true },
	{ "bytes", FORM_BYTES, 0, false, false, false },
	{ "inline", FORM_INLINE, 0, false, true, false },
	{ "hidden", FORM_HIDDEN, 0, false, false, false },
};

static int read_struct(struct reading *reading, uint32_t type_id, uint32_t offset, unsigned depth,
		       struct layout *out);

static const char *name_of(const struct btf *btf, uint32_t offset)
{
	const char *name = btf__name_by_offset(btf, offset);

	return name ? name : "";
}

static int refuse(struct reading *reading, const char *member, const char *reason)
{
	return error_set(reading->err, -ENOTSUP, "event %s: member %s: %s", reading->event,
			 *member ? member : "without name", reason);
}

/* The text behind "prefix" of the member's tag that starts so, or NULL. */
static const char *find_tag(const struct btf *btf, uint32_t struct_id, int member,
			    const char *prefix)
{
	uint32_t id, count = btf__type_cnt(btf);

	for (id = 1; id < count; id++) {
		const struct btf_type *type = btf__type_by_id(btf, id);
		const char *text;

		if (!btf_is_decl_tag(type) || type->type != struct_id ||
		    btf_decl_tag(type)->component_idx != member)
			continue;
		text = name_of(btf, type->name_off);
		if (strncmp(text, prefix, strlen(prefix)) == 0)
			return text + strlen(prefix);
	}
	return NULL;
}

static bool is_character(const struct btf *btf, const struct btf_type *type)
{
	return btf_is_int(type) && type->size == 1 &&
	       strcmp(name_of(btf, type->name_off), "char") == 0;
}

static bool is_number(const struct btf_type *type)
{
	return (btf_is_int(type) || btf_is_any_enum(type) || btf_is_ptr(type)) &&
	       (btf_is_ptr(type) || type->size <= 8);
}

static int read_inner(struct reading *reading, uint32_t type_id, uint32_t offset, unsigned depth,
		      struct field *field)
{
	field->inner = calloc(1, sizeof(*field->inner));
	if (!field->inner)
		return error_errno(reading->err, -ENOMEM, "event %s", reading->event);
	return read_struct(reading, type_id, offset, depth, field->inner);
}

static int form_of_type(struct reading *reading, int type_id, unsigned depth, struct field *field);

/* Characters are a string, bytes are digits, anything else is an array of what it holds. */
static int form_of_array(struct reading *reading, const struct btf_type *type, unsigned depth,
			 struct field *field)
{
	const struct btf_array *array = btf_array(type);
	int element_id = btf__resolve_type(reading->btf, array->type);
	const struct btf_type *element;
	struct field *inner;
	int64_t size;

	if (element_id < 0)
		return refuse(reading, field->name, "its element has no type");
	element = btf__type_by_id(reading->btf, (uint32_t)element_id);
	if (is_character(reading->btf, element)) {
		field->form = FORM_STRING;
		return 0;
	}
	if (btf_is_int(element) && element->size == 1) {
		field->form = FORM_BYTES;
		return 0;
	}
	size = btf__resolve_size(reading->btf, (uint32_t)element_id);
	if (size <= 0)
		return refuse(reading, field->name, "its element has no size");
	field->form = FORM_ARRAY;
	field->count = array->nelems;
	field->element = (uint32_t)size;
	field->inner = calloc(1, sizeof(*field->inner));
	inner = calloc(1, sizeof(*inner));
	if (!field->inner || !inner) {
		free(inner);
		return error_errno(reading->err, -ENOMEM, "event %s", reading->event);
	}
	*inner = (struct field){ .name = field->name, .size = field->element };
	field->inner->fields = inner;
	field->inner->count = 1;
	return form_of_type(reading, element_id, depth + 1, inner);
}

static enum field_form form_of_int(const struct btf_type *type)
{
	if (type->size > 8)
		return FORM_BYTES;
	if (btf_int_encoding(type) & BTF_INT_BOOL)
		return FORM_BOOL;
	return btf_int_encoding(type) & BTF_INT_SIGNED ? FORM_SIGNED : FORM_UNSIGNED;
}

/* The form that the type alone asks for. */
static int form_of_type(struct reading *reading, int type_id, unsigned depth, struct field *field)
{
	const struct btf_type *type = btf__type_by_id(reading->btf, (uint32_t)type_id);

	if (depth > MAX_DEPTH)
		return refuse(reading, field->name, "types are nested too deep");
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
	case BTF_KIND_STRUCT:
		field->form = *field->name ? FORM_STRUCT : FORM_INLINE;
		return read_inner(reading, (uint32_t)type_id, field->offset, depth + 1, field);
	case BTF_KIND_UNION:
		return refuse(reading, field->name, "is a union, which nobody can tell how to read");
	default:
		return refuse(reading, field->name, "has a type that cannot be printed");
	}
}

/* The unsigned integer or enum that a tag "format:list:NAME" names, in the same struct. */
static int find_sibling(struct reading *reading, const struct btf_type *parent, uint32_t offset,
			const char *name, struct field *field)
{
	const struct btf_member *members = btf_members(parent);
	uint16_t i;

	for (i = 0; i < btf_vlen(parent); i++) {
		int id = btf__resolve_type(reading->btf, members[i].type);
		const struct btf_type *type = id < 0 ? NULL :
			btf__type_by_id(reading->btf, (uint32_t)id);

		if (strcmp(name_of(reading->btf, members[i].name_off), name) != 0)
			continue;
		if (!type || !(btf_is_int(type) || btf_is_any_enum(type)) || type->size > 8)
			break;
		field->sibling_offset = offset + btf_member_bit_offset(parent, i) / 8;
		field->sibling_size = type->size;
		return 0;
	}
	return refuse(reading, field->name, "its format names no member that is a number");
}

/* The form that a tag asks for; 1 when it was applied. */
static int form_of_tag(struct reading *reading, const char *tag, const struct btf_type *parent,
		       uint32_t offset, const struct btf_type *type, struct field *field)
{
	size_t length = strcspn(tag, ":"), i;

	for (i = 0; i < sizeof(FORMATS) / sizeof(FORMATS[0]); i++) {
		if (strlen(FORMATS[i].name) != length ||
		    strncmp(FORMATS[i].name, tag, length) != 0)
			continue;
		if ((FORMATS[i].size && FORMATS[i].size != field->size) ||
		    (FORMATS[i].number && !is_number(type)) ||
		    FORMATS[i].composite != (FORMATS[i].form == FORM_INLINE && btf_is_struct(type)))
			return refuse(reading, field->name, "its format does not fit its type");
		field->form = FORMATS[i].form;
		if (!FORMATS[i].sibling)
			return 1;
		if (tag[length] != ':')
			return refuse(reading, field->name, "its format names no other member");
		return find_sibling(reading, parent, offset, tag + length + 1, field) ?: 1;
	}
	return refuse(reading, field->name, "its format is not known to this program");
}

static int read_member(struct reading *reading, uint32_t parent_id, uint16_t i, uint32_t offset,
		       unsigned depth, struct field *field)
{
	const struct btf_type *parent = btf__type_by_id(reading->btf, parent_id);
	const struct btf_member *member = &btf_members(parent)[i];
	const char *tag = find_tag(reading->btf, parent_id, i, "format:");
	int id = btf__resolve_type(reading->btf, member->type), code;
	int64_t size = btf__resolve_size(reading->btf, member->type);
	uint32_t bits = btf_member_bit_offset(parent, i);
	const char *omit = find_tag(reading->btf, parent_id, i, "omit:");

	*field = (struct field){
		.name = name_of(reading->btf, member->name_off),
		.offset = offset + bits / 8,
	};
	if (id < 0 || size < 0 || size > UINT32_MAX)
		return refuse(reading, field->name, "has no size");
	if (btf_member_bitfield_size(parent, i) || bits % 8)
		return refuse(reading, field->name, "is a bit field; make it a whole number");
	field->size = (uint32_t)size;
	field->omit_empty = omit && strcmp(omit, "empty") == 0;
	code = tag ? form_of_tag(reading, tag, parent, offset,
				 btf__type_by_id(reading->btf, (uint32_t)id), field) : 0;
	if (code < 0)
		return code;
	if (code == 0)
		return form_of_type(reading, id, depth, field);
	if (field->form == FORM_INLINE)
		return read_inner(reading, (uint32_t)id, field->offset, depth + 1, field);
	return 0;
}

static int read_struct(struct reading *reading, uint32_t type_id, uint32_t offset, unsigned depth,
		       struct layout *out)
{
	const struct btf_type *type = btf__type_by_id(reading->btf, type_id);
	uint16_t i;
	int code;

	if (depth > MAX_DEPTH || (reading->fields += btf_vlen(type)) > MAX_FIELDS)
		return refuse(reading, "", "types are nested too deep");
	out->fields = calloc((size_t)btf_vlen(type) + 1, sizeof(*out->fields));
	if (!out->fields)
		return error_errno(reading->err, -ENOMEM, "event %s", reading->event);
	for (i = 0; i < btf_vlen(type); i++) {
		/* Counted before it is read, so that a failure frees what it holds. */
		out->count++;
		code = read_member(reading, type_id, i, offset, depth, &out->fields[i]);
		if (code)
			return code;
	}
	return 0;
}

static char *lower_case(const char *text)
{
	char *copy = strdup(text);
	size_t i;

	for (i = 0; copy && copy[i]; i++)
		copy[i] = (char)tolower((unsigned char)copy[i]);
	return copy;
}

/* Adds the event of an enumerator, unless no struct has its name. */
static int read_event(struct event_layouts *layouts, const char *enumerator, uint32_t value,
		      struct error *err)
{
	struct reading reading = { .btf = layouts->btf, .event = enumerator, .err = err };
	struct event_layout *event = &layouts->events[layouts->count];
	size_t prefix = strlen(EVENT_PREFIX);
	int32_t id;

	event->name = lower_case(enumerator);
	if (!event->name)
		return error_errno(err, -ENOMEM, "event %s", enumerator);
	id = btf__find_by_name_kind(layouts->btf, event->name, BTF_KIND_STRUCT);
	if (id < 0) {
		free(event->name);
		event->name = NULL;
		return 0;
	}
	layouts->count++;
	event->type = value;
	if (strncmp(event->name, EVENT_PREFIX, prefix) == 0)
		memmove(event->name, event->name + prefix, strlen(event->name) + 1 - prefix);
	return read_struct(&reading, (uint32_t)id, 0, 0, &event->layout);
}

int event_layouts_read(const struct btf *btf, struct event_layouts *out, struct error *err)
{
	int32_t id = btf__find_by_name_kind(btf, EVENT_ENUM, BTF_KIND_ENUM);
	const struct btf_type *type;
	uint16_t i;
	int code = 0;

	*out = (struct event_layouts){ .btf = btf };
	if (id < 0)
		return error_set(err, -ENOENT, "object has no `enum " EVENT_ENUM "`, which names its "
				 "events (docs/objects.md)");
	type = btf__type_by_id(btf, (uint32_t)id);
	out->events = calloc((size_t)btf_vlen(type) + 1, sizeof(*out->events));
	if (!out->events)
		return error_errno(err, -ENOMEM, "events");
	for (i = 0; i < btf_vlen(type) && !code; i++)
		code = read_event(out, name_of(btf, btf_enum(type)[i].name_off),
				  (uint32_t)btf_enum(type)[i].val, err);
	if (!code && out->count == 0)
		code = error_set(err, -ENOENT, "no struct has the name of an enumerator of `enum "
				 EVENT_ENUM "` in lower case (docs/objects.md)");
	if (code)
		event_layouts_free(out);
	return code;
}

static void layout_free(struct layout *layout)
{
	size_t i;

	for (i = 0; i < layout->count; i++) {
		if (layout->fields[i].inner)
			layout_free(layout->fields[i].inner);
		free(layout->fields[i].inner);
	}
	free(layout->fields);
}

void event_layouts_free(struct event_layouts *layouts)
{
	size_t i;

	for (i = 0; i < layouts->count; i++) {
		free(layouts->events[i].name);
		layout_free(&layouts->events[i].layout);
	}
	free(layouts->events);
	*layouts = (struct event_layouts){ 0 };
}

const struct event_layout *event_layouts_find(const struct event_layouts *layouts, uint32_t type)
{
	size_t i;

	for (i = 0; i < layouts->count; i++)
		if (layouts->events[i].type == type)
			return &layouts->events[i];
	return NULL;
}
