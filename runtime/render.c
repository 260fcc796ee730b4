/* SPDX-License-Identifier: BSD-2-Clause */
#include <arpa/inet.h>
#include <inttypes.h>
#include <stdio.h>

#include "loader/types.h"

#include "runtime/render.h"
#include "runtime/text.h"

/* Of the header that each record starts with: enum event_type event; u32 size; u64 time. */
enum { HEADER_EVENT = 0, HEADER_SIZE = 4, HEADER_END = 16 };

struct rendering {
	const struct event_layouts *layouts;
	const struct clock *clock;
	const struct event_layout *event;
	struct slice record; /* of an array's element: that */
	struct slice whole;
};

/* A little-endian number of 1 to 8 bytes; BPF objects are little-endian, and so are we. */
static uint64_t load_number(struct slice bytes)
{
	uint64_t value = 0;
	size_t i;

	for (i = 0; i < bytes.size && i < 8; i++)
		value |= (uint64_t)bytes.data[i] << (8 * i);
	return value;
}

/* A bit field lies in up to 9 bytes. */
static uint64_t load_field(const struct field *field, struct slice bytes)
{
	uint64_t value = load_number(bytes);

	if (!field->bits)
		return value;
	value >>= field->first_bit;
	if (bytes.size > 8)
		value |= (uint64_t)bytes.data[8] << (64 - field->first_bit);
	return field->bits < 64 ? value & ((1ull << field->bits) - 1) : value;
}

static int64_t sign_extend(uint64_t value, unsigned bits)
{
	uint64_t sign = 1ull << (bits - 1);

	return (int64_t)((value ^ sign) - sign);
}

/* JSON numbers are signed 64-bit here; what is larger keeps its digits as a string. */
static json_t *unsigned_number(uint64_t value)
{
	char text[24];

	if (value <= INT64_MAX)
		return json_integer((json_int_t)value);
	snprintf(text, sizeof(text), "%" PRIu64, value);
	return json_string(text);
}

static json_t *hex_number(uint64_t value)
{
	char text[24];

	snprintf(text, sizeof(text), "0x%" PRIx64, value);
	return json_string(text);
}

static const struct btf_type *enum_of(const struct rendering *rendering, const struct field *field)
{
	return btf__type_by_id(rendering->layouts->btf, field->enum_type);
}

/* As many bits of an enumerator as the member has, to be compared with it. */
static uint64_t enumerator_bits(const struct field *field, const struct btf_type *type, uint16_t i)
{
	const unsigned bits = field->bits ? field->bits : 8 * field->size;

	return enum_value(type, i) & (bits < 64 ? (1ull << bits) - 1 : UINT64_MAX);
}

static json_t *short_name(const struct btf *btf, const struct btf_type *type, uint16_t i,
			  size_t prefix)
{
	char text[ENUM_SHORT_SIZE];

	return json_string(enum_short(enum_name(btf, type, i), prefix, text));
}

static json_t *enumerator(const struct rendering *rendering, const struct field *field,
			  uint64_t value)
{
	const struct btf *btf = rendering->layouts->btf;
	const struct btf_type *type = enum_of(rendering, field);
	uint16_t i;

	for (i = 0; i < btf_vlen(type); i++)
		if (enumerator_bits(field, type, i) == value)
			return field->lower ? short_name(btf, type, i, enum_prefix(btf, type)) :
			       json_string(enum_name(btf, type, i));
	return unsigned_number(value);
}

/* Every enumerator all of whose bits are set, and what no enumerator has. */
static json_t *flags(const struct rendering *rendering, const struct field *field, uint64_t value)
{
	const struct btf *btf = rendering->layouts->btf;
	const struct btf_type *type = enum_of(rendering, field);
	const size_t prefix = enum_prefix(btf, type);
	json_t *array = json_array();
	uint64_t unknown = value;
	uint16_t i;
	int failed = array ? 0 : -1;

	for (i = 0; i < btf_vlen(type) && !failed; i++) {
		const uint64_t bits = enumerator_bits(field, type, i);

		if (bits == 0 || (value & bits) != bits)
			continue;
		unknown &= ~bits;
		failed = json_array_append_new(array, short_name(btf, type, i, prefix));
	}
	if (!failed && unknown)
		failed = json_array_append_new(array, hex_number(unknown));
	if (failed) {
		json_decref(array);
		return NULL;
	}
	return array;
}

static bool is_inet(int family)
{
	return family == AF_INET || family == AF_INET6;
}

static json_t *address(int family, struct slice bytes)
{
	char text[INET6_ADDRSTRLEN];
	size_t size = family == AF_INET ? 4 : 16;

	if (!is_inet(family) || bytes.size < size ||
	    !inet_ntop(family, bytes.data, text, sizeof(text)))
		return text_hex(bytes);
	return json_string(text);
}

static json_t *wall_time(int64_t realtime)
{
	char text[CLOCK_TEXT_SIZE];

	return json_string(clock_text(realtime, text));
}

static json_t *list(struct slice bytes)
{
	json_t *array = json_array();
	int failed = 0;

	while (array && !failed && bytes.size > 0) {
		struct slice item = text_until_nul(bytes);
		size_t used = item.size < bytes.size ? item.size + 1 : item.size;

		failed = json_array_append_new(array, text_to_json(item));
		bytes = slice_of(bytes.data + used, bytes.size - used);
	}
	if (failed) {
		json_decref(array);
		return NULL;
	}
	return array;
}

static uint64_t sibling(const struct rendering *rendering, const struct field *field)
{
	struct slice bytes;

	if (!slice_part(rendering->record, field->sibling_offset, field->sibling_size, &bytes))
		return 0;
	return load_number(bytes);
}

/* What a data_loc says the place of; false when it is not inside the record. */
static bool located(const struct rendering *rendering, uint64_t loc, struct slice *bytes)
{
	return slice_part(rendering->whole, loc & 0xffff, loc >> 16, bytes);
}

/* What may be cut by the record's end. */
static bool can_be_cut(const struct field *field)
{
	return field->form == FORM_STRING || field->form == FORM_LIST || field->form == FORM_BYTES ||
	       (field->form == FORM_ARRAY && field->sibling_size);
}

/* The field's bytes, as far as the record has them; false when it has none to speak of. */
static bool field_bytes(const struct rendering *rendering, const struct field *field,
			uint32_t offset, struct slice *bytes)
{
	if (slice_part(rendering->record, offset, field->size, bytes))
		return true;
	return can_be_cut(field) && offset <= rendering->record.size &&
	       slice_part(rendering->record, offset, rendering->record.size - offset, bytes);
}

static int render_struct(const struct rendering *rendering, const struct layout *layout,
			 json_t *object);

static json_t *render_array(const struct rendering *rendering, const struct field *field,
			    uint32_t offset);

static json_t *render_text(const struct rendering *rendering, const struct field *field,
			   struct slice bytes)
{
	struct slice text;
	uint64_t size;

	switch (field->form) {
	case FORM_LOCATED:
	case FORM_LOCATED_LIST:
		if (!located(rendering, load_number(bytes), &text))
			return text_hex(bytes);
		return field->form == FORM_LOCATED ? text_to_json(text) : list(text);
	case FORM_STRING:
		return text_to_json(text_until_nul(bytes));
	case FORM_LIST:
		size = sibling(rendering, field);
		return list(size < bytes.size ? slice_of(bytes.data, (size_t)size) : bytes);
	case FORM_ADDRESS:
		return address((int)sibling(rendering, field), bytes);
	case FORM_IPV4:
		return address(AF_INET, bytes);
	case FORM_IPV6:
		return address(AF_INET6, bytes);
	default:
		return text_hex(bytes);
	}
}

static json_t *render_number(const struct rendering *rendering, const struct field *field,
			     uint64_t value)
{
	const struct clock *clock = rendering->clock;

	switch (field->form) {
	case FORM_SIGNED:
		return json_integer(sign_extend(value, field->bits ? field->bits : 8 * field->size));
	case FORM_BOOL:
		return json_boolean(value != 0);
	case FORM_ENUM:
		return enumerator(rendering, field, value);
	case FORM_FLAGS:
		return flags(rendering, field, value);
	case FORM_EVENT:
		return json_string(rendering->event->name);
	case FORM_HEX:
		return hex_number(value);
	case FORM_MONOTONIC:
		return wall_time((int64_t)(value + (uint64_t)clock->monotonic_offset));
	case FORM_BOOTTIME:
		return wall_time((int64_t)(value + (uint64_t)(clock->monotonic_offset -
							 clock->suspended)));
	case FORM_REALTIME:
		return wall_time((int64_t)value);
	case FORM_DURATION:
		return json_real((double)value / 1e9);
	default:
		return unsigned_number(value);
	}
}

static bool is_number(enum field_form form)
{
	return form <= FORM_EVENT || form == FORM_HEX ||
	       (form >= FORM_MONOTONIC && form <= FORM_DURATION);
}

static json_t *render_field(const struct rendering *rendering, const struct field *field,
			    uint32_t offset, struct slice bytes)
{
	json_t *object;

	if (is_number(field->form))
		return render_number(rendering, field, load_field(field, bytes));
	if (field->form == FORM_ARRAY)
		return render_array(rendering, field, offset);
	if (field->form != FORM_STRUCT)
		return render_text(rendering, field, bytes);
	object = json_object();
	if (object && render_struct(rendering, field->inner, object)) {
		json_decref(object);
		return NULL;
	}
	return object;
}

/*
 * Elements that are structs were laid out once, at the start of the first one: they are moved
 * there.
 */
static json_t *render_array(const struct rendering *rendering, const struct field *field,
			    uint32_t offset)
{
	const struct field *element = &field->inner->fields[0];
	json_t *array = json_array();
	uint64_t count = field->count, used;
	uint32_t i;
	int failed = 0;

	used = field->sibling_size ? sibling(rendering, field) : count;
	if (used < count)
		count = used;
	for (i = 0; array && !failed && i < count; i++) {
		struct rendering at = *rendering;
		struct slice bytes;

		if (!slice_part(rendering->record, offset + (uint64_t)i * field->element,
				field->element, &bytes))
			break;
		at.record = bytes;
		failed = json_array_append_new(array, render_field(&at, element, 0, bytes));
	}
	if (failed) {
		json_decref(array);
		return NULL;
	}
	return array;
}

static bool is_empty(const struct rendering *rendering, const struct field *field,
		     struct slice bytes)
{
	if (field->form == FORM_STRING)
		return bytes.size == 0 || bytes.data[0] == 0;
	if (is_number(field->form))
		return load_field(field, bytes) == 0;
	/* One of zeros says something, where there can be one. */
	if (field->form == FORM_ADDRESS && is_inet((int)sibling(rendering, field)))
		return false;
	/* What is behind the part in use may be left from before. */
	if (field->sibling_size && field->form != FORM_ADDRESS && sibling(rendering, field) == 0)
		return true;
	for (size_t i = 0; i < bytes.size; i++)
		if (bytes.data[i])
			return false;
	return true;
}

static int render_struct(const struct rendering *rendering, const struct layout *layout,
			 json_t *object)
{
	size_t i;

	for (i = 0; i < layout->count; i++) {
		const struct field *field = &layout->fields[i];
		struct slice bytes;
		int failed;

		if (field->form == FORM_HIDDEN)
			continue;
		/* Of what stands in the place of it, each member may be there by itself. */
		if (!field_bytes(rendering, field, field->offset, &bytes)) {
			if (field->form != FORM_INLINE)
				continue;
		} else if (field->omit_empty && is_empty(rendering, field, bytes)) {
			continue;
		}
		if (field->form == FORM_INLINE) {
			failed = render_struct(rendering, field->inner, object);
		} else {
			failed = json_object_set_new(object, field->name,
						     render_field(rendering, field, field->offset,
								  bytes));
		}
		if (failed)
			return -1;
	}
	return 0;
}

/* What cannot be read is shown as it came. */
static json_t *render_raw(const char *event, struct slice record)
{
	return json_pack("{s:s, s:o}", "event", event, "bytes", text_hex(record));
}

static json_t *render_event(struct rendering *rendering, json_t *object)
{
	rendering->whole = rendering->record;
	if (object && render_struct(rendering, &rendering->event->layout, object)) {
		json_decref(object);
		return NULL;
	}
	return object;
}

json_t *render(const struct event_layouts *layouts, const struct clock *clock, struct slice record)
{
	struct rendering rendering = { .layouts = layouts, .clock = clock };
	uint32_t size;

	if (layouts->count == 0 ||
	    (layouts->one_struct && !event_layouts_fit(layouts, record, &rendering.record)))
		return render_raw("record", record);
	if (layouts->one_struct) {
		rendering.event = &layouts->events[0];
		return render_event(&rendering, json_pack("{s:s}", "event", rendering.event->name));
	}
	if (record.size < HEADER_END)
		return render_raw("damaged", record);
	size = load_le32(record.data + HEADER_SIZE);
	/* A perf buffer pads records, so there can be more than the header says. */
	if (size < HEADER_END || !slice_part(record, 0, size, &rendering.record))
		return render_raw("damaged", record);
	rendering.event = event_layouts_find(layouts, load_le32(record.data + HEADER_EVENT));
	if (!rendering.event)
		return render_raw("unknown", rendering.record);
	return render_event(&rendering, json_object());
}
