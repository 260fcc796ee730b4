/* SPDX-License-Identifier: BSD-2-Clause */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "loader/types.h"

#include "runtime/event_layouts.h"

#define EVENT_ENUM "event_type"
#define EVENT_PREFIX "event_"
#define EVENT_STRUCT "event"

/* A record in a perf buffer ends where its size and the size's own 4 bytes are a multiple of 8. */
enum { PERF_PADDING = 7 };

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
	const struct layout_source source = { .btf = layouts->btf, .event = enumerator };
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
	event->size = btf__type_by_id(layouts->btf, (uint32_t)id)->size;
	if (strncmp(event->name, EVENT_PREFIX, prefix) == 0)
		memmove(event->name, event->name + prefix, strlen(event->name) + 1 - prefix);
	return layout_read(&source, (uint32_t)id, &event->layout, err);
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
		code = read_event(out, enum_name(btf, type, i), (uint32_t)btf_enum(type)[i].val, err);
	if (!code && out->count == 0)
		code = error_set(err, -ENOENT, "no struct has the name of an enumerator of `enum "
				 EVENT_ENUM "` in lower case (docs/objects.md)");
	if (code)
		event_layouts_free(out);
	return code;
}

/* The struct that a map's declaration has as its value: __type(value, struct NAME). */
static int32_t struct_of_map(const struct btf *btf, const char *map)
{
	int32_t id = btf__find_by_name_kind(btf, map, BTF_KIND_VAR);
	const struct btf_type *type;
	uint16_t i;

	id = id < 0 ? id : btf__resolve_type(btf, (uint32_t)id);
	type = id < 0 ? NULL : btf__type_by_id(btf, (uint32_t)id);
	for (i = 0; type && btf_is_struct(type) && i < btf_vlen(type); i++) {
		const struct btf_type *pointer;
		int32_t value;

		if (strcmp(type_text(btf, btf_members(type)[i].name_off), "value") != 0)
			continue;
		pointer = btf__type_by_id(btf, btf_members(type)[i].type);
		value = btf_is_ptr(pointer) ? btf__resolve_type(btf, pointer->type) : -ENOENT;
		return value >= 0 && btf_is_struct(btf__type_by_id(btf, (uint32_t)value)) ? value :
		       -ENOENT;
	}
	return -ENOENT;
}

static int32_t find_struct(const struct btf *btf, const char *map, const char *wanted,
			   struct error *err)
{
	int32_t id = btf__find_by_name_kind(btf, wanted ? wanted : EVENT_STRUCT, BTF_KIND_STRUCT);

	if (id < 0 && !wanted)
		id = struct_of_map(btf, map);
	if (id >= 0)
		return id;
	if (wanted)
		return error_set(err, -ENOENT, "object's BTF has no `struct %s`, which its events were "
				 "said to be (docs/objects.md)", wanted);
	return error_set(err, -ENOENT, "object has no `enum " EVENT_ENUM "` with structs to it, and no "
			 "`struct " EVENT_STRUCT "`, that tell what its events are (docs/objects.md)");
}

int event_layouts_read_struct(const struct btf *btf, const char *map, const char *wanted,
			      struct event_layouts *out, struct error *err)
{
	struct layout_source source = { .btf = btf, .shows_unions = true };
	int32_t id = find_struct(btf, map, wanted, err);
	const struct btf_type *type;
	int code;

	*out = (struct event_layouts){ .btf = btf };
	if (id < 0)
		return id;
	out->one_struct = true;
	type = btf__type_by_id(btf, (uint32_t)id);
	source.event = type_text(btf, type->name_off);
	out->events = calloc(1, sizeof(*out->events));
	if (!out->events)
		return error_errno(err, -ENOMEM, "events");
	out->count = 1;
	out->events[0].size = type->size;
	out->events[0].name = strdup(source.event);
	code = out->events[0].name ? layout_read(&source, (uint32_t)id, &out->events[0].layout, err) :
	       error_errno(err, -ENOMEM, "events");
	if (!code && out->events[0].layout.count == 0)
		code = error_set(err, -ENOENT, "`struct %s` of the object has no members", source.event);
	if (code)
		event_layouts_free(out);
	return code;
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

bool event_layouts_fit(const struct event_layouts *layouts, struct slice record,
		       struct slice *part)
{
	const struct event_layout *event = &layouts->events[0];
	const struct field *last = &event->layout.fields[event->layout.count - 1];
	const bool varies = last->form == FORM_STRING || last->form == FORM_BYTES ||
			    last->form == FORM_LIST || last->form == FORM_ARRAY;
	const uint64_t least = (uint64_t)last->offset + (varies ? 0 : last->size);

	if (record.size < least || record.size > (uint64_t)event->size + PERF_PADDING)
		return false;
	*part = slice_of(record.data, record.size < event->size ? record.size : event->size);
	return true;
}
