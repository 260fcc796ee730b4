/* SPDX-License-Identifier: BSD-2-Clause */
/* The forms that tags on members ask for: "format:..." and "omit:empty" (docs/objects.md). */
#include <errno.h>
#include <string.h>

#include "loader/types.h"

#include "runtime/layout_reading.h"

#define TAG_FORMAT "format:"
#define TAG_OMIT "omit:empty"
#define LOWER "lower"

/* What stands behind a second colon. */
enum argument { ARGUMENT_NONE, ARGUMENT_MEMBER, ARGUMENT_ENUM };

/* The forms that a tag "format:NAME" asks for, and the type that they need. */
static const struct format {
	const char *name;
	enum field_form form;
	uint32_t size;       /* of the member; 0 for any */
	bool number, composite;
	enum argument argument;
} FORMATS[] = {
	{ "event", FORM_EVENT, 4, true, false, ARGUMENT_NONE },
	{ "hex", FORM_HEX, 0, true, false, ARGUMENT_NONE },
	{ "enum", FORM_ENUM, 0, true, false, ARGUMENT_ENUM },
	{ "flags", FORM_FLAGS, 0, true, false, ARGUMENT_ENUM },
	{ "monotonic", FORM_MONOTONIC, 8, true, false, ARGUMENT_NONE },
	{ "boottime", FORM_BOOTTIME, 8, true, false, ARGUMENT_NONE },
	{ "realtime", FORM_REALTIME, 8, true, false, ARGUMENT_NONE },
	{ "duration", FORM_DURATION, 8, true, false, ARGUMENT_NONE },
	{ "ipv4", FORM_IPV4, 4, false, false, ARGUMENT_NONE },
	{ "ipv6", FORM_IPV6, 16, false, false, ARGUMENT_NONE },
	{ "address", FORM_ADDRESS, 16, false, false, ARGUMENT_MEMBER },
	{ "string", FORM_STRING, 0, false, false, ARGUMENT_NONE },
	{ "list", FORM_LIST, 0, false, false, ARGUMENT_MEMBER },
	{ "data_loc", FORM_LOCATED, 4, true, false, ARGUMENT_NONE },
	{ "data_loc_list", FORM_LOCATED_LIST, 4, true, false, ARGUMENT_NONE },
	{ "bytes", FORM_BYTES, 0, false, false, ARGUMENT_NONE },
	{ "inline", FORM_INLINE, 0, false, true, ARGUMENT_NONE },
	{ "hidden", FORM_HIDDEN, 0, false, false, ARGUMENT_NONE },
};

/* What the tags of one member say. */
struct tags {
	const char *format;  /* behind "format:"; NULL: none */
	bool lower, omit_empty;
	bool conflict;       /* two formats, of which neither is "lower" */
};

static struct tags read_tags(const struct btf *btf, const struct layout_place *place)
{
	uint32_t id, count = btf__type_cnt(btf);
	struct tags tags = { .format = NULL };

	for (id = 1; id < count; id++) {
		const struct btf_type *type = btf__type_by_id(btf, id);
		const char *text;

		if (!btf_is_decl_tag(type) || type->type != place->parent_id ||
		    btf_decl_tag(type)->component_idx != place->i)
			continue;
		text = type_text(btf, type->name_off);
		if (strcmp(text, TAG_OMIT) == 0) {
			tags.omit_empty = true;
		} else if (strcmp(text, TAG_FORMAT LOWER) == 0) {
			tags.lower = true;
		} else if (strncmp(text, TAG_FORMAT, strlen(TAG_FORMAT)) == 0) {
			tags.conflict = tags.format != NULL;
			tags.format = text + strlen(TAG_FORMAT);
		}
	}
	return tags;
}

static bool is_number(const struct btf_type *type)
{
	return btf_is_ptr(type) ||
	       ((btf_is_int(type) || btf_is_any_enum(type)) && type->size <= 8);
}

/* The integer or enum that a tag "format:list:NAME" names, in the same struct. */
static int find_sibling(struct layout_reading *reading, const struct layout_place *place,
			const char *name, struct field *field)
{
	const struct btf_member *members = btf_members(place->parent);
	uint16_t i;

	for (i = 0; i < btf_vlen(place->parent); i++) {
		int id = btf__resolve_type(reading->btf, members[i].type);
		const struct btf_type *type = id < 0 ? NULL :
			btf__type_by_id(reading->btf, (uint32_t)id);

		if (strcmp(type_text(reading->btf, members[i].name_off), name) != 0)
			continue;
		if (!type || !(btf_is_int(type) || btf_is_any_enum(type)) || type->size > 8 ||
		    btf_member_bitfield_size(place->parent, i))
			break;
		field->sibling_offset = place->offset +
					btf_member_bit_offset(place->parent, i) / 8;
		field->sibling_size = type->size;
		return 0;
	}
	return layout_refuse(reading, field->name, "its format names no member that is a number");
}

static int find_enum(struct layout_reading *reading, const char *name, struct field *field)
{
	int32_t id = btf__find_by_name_kind(reading->btf, name, BTF_KIND_ENUM);

	if (id < 0)
		id = btf__find_by_name_kind(reading->btf, name, BTF_KIND_ENUM64);
	if (id < 0)
		return layout_refuse(reading, field->name, "its format names an enum that the object's "
				     "BTF does not have (docs/objects.md)");
	field->enum_type = (uint32_t)id;
	return 0;
}

static const struct format *find_format(const char *tag, size_t length)
{
	size_t i;

	for (i = 0; i < sizeof(FORMATS) / sizeof(FORMATS[0]); i++)
		if (strlen(FORMATS[i].name) == length &&
		    strncmp(FORMATS[i].name, tag, length) == 0)
			return &FORMATS[i];
	return NULL;
}

/* True for an array of characters or bytes. */
static bool holds_text(const struct btf *btf, const struct btf_type *type)
{
	int id = btf_is_array(type) ? btf__resolve_type(btf, btf_array(type)->type) : -ENOENT;

	return id >= 0 && btf_is_int(btf__type_by_id(btf, (uint32_t)id)) &&
	       btf__type_by_id(btf, (uint32_t)id)->size == 1;
}

static int apply(struct layout_reading *reading, const struct layout_place *place, const char *tag,
		 int type_id, unsigned depth, struct field *field)
{
	const struct btf_type *type = btf__type_by_id(reading->btf, (uint32_t)type_id);
	const size_t length = strcspn(tag, ":");
	const struct format *format = find_format(tag, length);
	int code = 0;

	if (!format)
		return layout_refuse(reading, field->name,
				     "its format is not known to this program");
	if ((format->size && format->size != field->size) || (format->number && !is_number(type)) ||
	    (field->bits && (!format->number || format->size) && format->form != FORM_HIDDEN) ||
	    (format->form == FORM_LIST && !btf_is_array(type)) ||
	    format->composite != (format->form == FORM_INLINE && btf_is_struct(type)))
		return layout_refuse(reading, field->name, "its format does not fit its type");
	if (format->argument != ARGUMENT_NONE && tag[length] != ':')
		return layout_refuse(reading, field->name, format->argument == ARGUMENT_ENUM ?
				     "its format names no enum" : "its format names no other member");
	field->form = format->form;
	if (field->form == FORM_LIST && !holds_text(reading->btf, type))
		code = layout_form_of_type(reading, type_id, depth, field);
	else if (field->form == FORM_INLINE)
		code = layout_read_inner(reading, (uint32_t)type_id, depth + 1, field);
	if (!code && format->argument == ARGUMENT_MEMBER)
		code = find_sibling(reading, place, tag + length + 1, field);
	if (!code && format->argument == ARGUMENT_ENUM)
		code = find_enum(reading, tag + length + 1, field);
	return code;
}

/* Of an array of enums, each one. */
static int set_lower(struct layout_reading *reading, struct field *field)
{
	struct field *named = field->form == FORM_ARRAY ? &field->inner->fields[0] : field;

	if (named->form != FORM_ENUM)
		return layout_refuse(reading, field->name, "its format does not fit its type");
	named->lower = true;
	return 0;
}

int format_read(struct layout_reading *reading, const struct layout_place *place, int type_id,
		unsigned depth, struct field *field)
{
	const struct tags tags = read_tags(reading->btf, place);
	int code;

	field->omit_empty = tags.omit_empty;
	if (tags.conflict)
		return layout_refuse(reading, field->name, "has two formats");
	code = tags.format ? apply(reading, place, tags.format, type_id, depth, field) :
	       layout_form_of_type(reading, type_id, depth, field);
	return code || !tags.lower ? code : set_lower(reading, field);
}
