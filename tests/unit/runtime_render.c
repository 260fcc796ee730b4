/* SPDX-License-Identifier: BSD-2-Clause */
/* Records against the BTF of proctrace: whole, cut, damaged, foreign. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "runtime/render.h"

/* Of bpf/proctrace.h: enum event_type. */
enum { EXEC = 1, FORK = 2 };

/* The clock of the tests starts at 2001-09-09T01:46:40Z. */
static const struct clock CLOCK = { .monotonic_offset = 1000000000000000000 };

static struct btf *btf;
static struct event_layouts layouts;

/* The BTF of an object of the build folder, in whose tests/ this program is. */
static struct btf *read_btf(const char *object)
{
	char path[2 * PATH_MAX], self[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);

	if (length < 0)
		return NULL;
	self[length] = '\0';
	snprintf(path, sizeof(path), "%s/../%s", dirname(self), object);
	return btf__parse(path, NULL);
}

static int setup(void **state)
{
	struct error err = ERROR_NONE;

	(void)state;
	btf = read_btf("bpf/proctrace.bpf.o");
	return btf ? event_layouts_read(btf, &layouts, &err) : -1;
}

static int teardown(void **state)
{
	(void)state;
	event_layouts_free(&layouts);
	btf__free(btf);
	return 0;
}

/* Where a member is, as the BTF says. */
static const struct field *field_of(const struct event_layouts *in, const char *event,
				    const char *name)
{
	for (size_t i = 0; i < in->count; i++) {
		const struct layout *layout = &in->events[i].layout;

		if (strcmp(in->events[i].name, event) != 0)
			continue;
		for (size_t k = 0; k < layout->count; k++)
			if (strcmp(layout->fields[k].name, name) == 0)
				return &layout->fields[k];
	}
	fail_msg("%s has no member %s", event, name);
	return NULL;
}

static const struct field *field(const char *event, const char *name)
{
	return field_of(&layouts, event, name);
}

static void start(uint8_t *record, uint32_t type, uint32_t size)
{
	store_le32(record, type);
	store_le32(record + 4, size);
	store_le64(record + 8, 1);
}

static const char *text(const json_t *event, const char *key)
{
	return json_string_value(json_object_get(event, key));
}

static void events_are_found_by_their_enumerators(void **state)
{
	(void)state;
	assert_int_equal(layouts.count, 16);
	assert_string_equal(event_layouts_find(&layouts, EXEC)->name, "exec");
	assert_string_equal(event_layouts_find(&layouts, FORK)->name, "fork");
	assert_null(event_layouts_find(&layouts, 0));
}

static void a_record_shows_its_members_in_place(void **state)
{
	const struct field *child = field("fork", "child_pid");
	uint8_t record[4096] = { 0 };
	json_t *event;

	(void)state;
	start(record, FORK, child->offset + 4);
	store_le32(record + child->offset, 4711);
	event = render(&layouts, &CLOCK, slice_of(record, sizeof(record)));
	assert_string_equal(text(event, "event"), "fork");
	assert_string_equal(text(event, "time"), "2001-09-09T01:46:40.000000001Z");
	assert_int_equal(json_integer_value(json_object_get(event, "child_pid")), 4711);
	assert_non_null(json_object_get(event, "pid"));   /* of the inline struct */
	assert_null(json_object_get(event, "size"));      /* hidden */
	assert_null(json_object_get(event, "container")); /* empty */
	assert_null(json_object_get(event, "child_tid")); /* the record ends before it */
	json_decref(event);
}

static void a_list_ends_with_the_record(void **state)
{
	struct btf *btf_of_forms = read_btf("tests/bpf/runtime/forms.bpf.o");
	static const char LIST[] = "ls\0-l\0\0cut";
	const struct field *list, *size;
	struct error err = ERROR_NONE;
	uint8_t record[1024] = { 0 };
	struct event_layouts forms;
	json_t *event, *array;

	(void)state;
	assert_int_equal(event_layouts_read(btf_of_forms, &forms, &err), 0);
	list = field_of(&forms, "forms", "list");
	size = field_of(&forms, "forms", "list_size");
	start(record, forms.events[0].type, list->offset + sizeof(LIST) - 1);
	memcpy(record + list->offset, LIST, sizeof(LIST) - 1);
	store_le32(record + size->offset, 4096); /* more than there is */
	event = render(&forms, &CLOCK, slice_of(record, list->offset + sizeof(LIST) - 1));
	array = json_object_get(event, "list");
	assert_int_equal(json_array_size(array), 4);
	assert_string_equal(json_string_value(json_array_get(array, 0)), "ls");
	assert_string_equal(json_string_value(json_array_get(array, 2)), "");
	assert_string_equal(json_string_value(json_array_get(array, 3)), "cut");
	json_decref(event);
	event_layouts_free(&forms);
	btf__free(btf_of_forms);
}

/* As its loc says: up to the record's last byte, and not one behind it. */
static void a_string_behind_the_struct_stays_in_the_record(void **state)
{
	const struct field *filename = field("exec", "filename"), *args = field("exec", "args");
	static const char TEXT[] = "/bin/ls\0-l";
	const uint32_t at = 600, end = at + sizeof(TEXT) - 1;
	uint8_t record[1024] = { 0 };
	json_t *event;

	(void)state;
	start(record, EXEC, end);
	memcpy(record + at, TEXT, sizeof(TEXT) - 1);
	store_le32(record + filename->offset, 7 << 16 | at);
	store_le32(record + args->offset, (sizeof(TEXT) - 1) << 16 | at);
	event = render(&layouts, &CLOCK, slice_of(record, sizeof(record)));
	assert_string_equal(text(event, "filename"), "/bin/ls");
	assert_int_equal(json_array_size(json_object_get(event, "args")), 2);
	json_decref(event);
	store_le32(record + filename->offset, 8 << 16 | (end - 7));
	event = render(&layouts, &CLOCK, slice_of(record, sizeof(record)));
	assert_string_equal(text(event, "filename"), "5b020800");
	json_decref(event);
}

static void what_cannot_be_read_is_shown_as_bytes(void **state)
{
	uint8_t record[32] = { 0 };
	json_t *event;

	(void)state;
	start(record, 99, 16);
	event = render(&layouts, &CLOCK, slice_of(record, sizeof(record)));
	assert_string_equal(text(event, "event"), "unknown");
	assert_string_equal(text(event, "bytes"), "63000000100000000100000000000000");
	json_decref(event);
	start(record, EXEC, 33);
	event = render(&layouts, &CLOCK, slice_of(record, sizeof(record)));
	assert_string_equal(text(event, "event"), "damaged");
	json_decref(event);
	event = render(&layouts, &CLOCK, slice_of(record, 15));
	assert_string_equal(text(event, "event"), "damaged");
	assert_int_equal(strlen(text(event, "bytes")), 30);
	json_decref(event);
}

/* Every length, every event, full of bytes that are no text: nothing is read behind the end. */
static void any_bytes_of_any_length_are_rendered(void **state)
{
	(void)state;
	for (uint32_t type = 1; type <= layouts.count; type++) {
		for (uint32_t size = 16; size < 1200; size++) {
			uint8_t *record = test_malloc(size);
			json_t *event;

			memset(record, 0xff, size);
			start(record, type, size);
			event = render(&layouts, &CLOCK, slice_of(record, size));
			assert_non_null(event);
			json_decref(event);
			test_free(record);
		}
	}
}

static void an_object_without_events_says_so(void **state)
{
	struct event_layouts none;
	struct btf *empty = btf__new_empty();
	struct error err = ERROR_NONE;

	(void)state;
	assert_int_equal(event_layouts_read(empty, &none, &err), -ENOENT);
	assert_non_null(strstr(err.text, "docs/objects.md"));
	btf__free(empty);
}

static void a_union_is_refused_by_name(void **state)
{
	struct event_layouts none;
	struct btf *made = btf__new_empty();
	struct error err = ERROR_NONE;
	int u32 = btf__add_int(made, "unsigned int", 4, 0), either, code;

	(void)state;
	btf__add_enum(made, "event_type", 4);
	btf__add_enum_value(made, "EVENT_ODD", 1);
	either = btf__add_union(made, "either", 4);
	btf__add_field(made, "a", u32, 0, 0);
	btf__add_struct(made, "event_odd", 4);
	btf__add_field(made, "choice", either, 0, 0);
	code = event_layouts_read(made, &none, &err);
	assert_int_equal(code, -ENOTSUP);
	assert_string_equal(err.text, "event EVENT_ODD: member choice: is a union, which nobody can "
				      "tell how to read");
	btf__free(made);
}

/* struct event of foreign.bpf.c: 56 bytes, the last 16 of them comm. */
static void a_record_without_header_is_the_one_struct(void **state)
{
	struct btf *foreign = read_btf("tests/bpf/runtime/foreign.bpf.o");
	struct event_layouts one;
	struct error err = ERROR_NONE;
	uint8_t record[64] = { 0x12, 0x34, 0, 0, 127, 0, 0, 1 };
	json_t *event;

	(void)state;
	assert_non_null(foreign);
	assert_int_equal(event_layouts_read(foreign, &one, &err), -ENOENT);
	assert_int_equal(event_layouts_read_struct(foreign, "rb", "nowhere", &one, &err), -ENOENT);
	assert_non_null(strstr(err.text, "struct nowhere"));
	assert_int_equal(event_layouts_read_struct(foreign, "rb", NULL, &one, &err), 0);
	assert_int_equal(one.events[0].size, 48);
	/* state: 3 bits, 5; reason: 5 bits, 17; nice: 4 bits, -3 */
	record[20] = 5 | 17 << 3;
	record[21] = 0xf0 | (-3 & 15);
	store_le64(record + 24, 1ull << 63);
	memcpy(record + 32, "a name", 6);
	event = render(&one, &CLOCK, slice_of(record, 48));
	assert_string_equal(text(event, "event"), "event");
	assert_int_equal(json_integer_value(json_object_get(event, "pid")), 0x3412);
	assert_int_equal(json_integer_value(json_object_get(event, "address_v4")), 0x0100007f);
	assert_string_equal(text(event, "address_v6"), "7f000001000000000000000000000000");
	assert_int_equal(json_integer_value(json_object_get(event, "state")), 5);
	assert_int_equal(json_integer_value(json_object_get(event, "reason")), 17);
	assert_int_equal(json_integer_value(json_object_get(event, "nice")), -3);
	assert_string_equal(text(event, "exit_code"), "9223372036854775808");
	assert_string_equal(text(event, "comm"), "a name");
	json_decref(event);
	/* What a perf buffer pads with is none of it; the last member may be cut; more is not it. */
	for (uint32_t size = 0; size <= sizeof(record); size++) {
		const char *expected = size < 32 || size > 48 + 7 ? "record" : "event";

		event = render(&one, &CLOCK, slice_of(record, size));
		assert_string_equal(text(event, "event"), expected);
		json_decref(event);
	}
	event_layouts_free(&one);
	btf__free(foreign);
}

/* A record that is one member of this type, with these tags. */
static int read_made(struct btf *made, int type, uint32_t size, uint32_t bits,
		     const char *const tags[static 2], struct event_layouts *out, struct error *err)
{
	int id, u32 = btf__add_int(made, "unsigned int", 4, 0);

	btf__add_enum(made, "event_type", 4);
	btf__add_enum_value(made, "EVENT_ODD", 1);
	id = btf__add_struct(made, "event_odd", 16 + size);
	for (uint32_t i = 0; i < 4; i++)
		btf__add_field(made, "header", u32, 32 * i, 0);
	btf__add_field(made, "member", type, 128 + (bits ? 3 : 0), bits);
	for (int i = 0; i < 2 && tags[i]; i++)
		btf__add_decl_tag(made, tags[i], id, 4);
	return event_layouts_read(made, out, err);
}

static void what_a_tag_cannot_mean_is_refused(void **state)
{
	static const struct {
		const char *tags[2];
		uint32_t bits;
		const char *reason;
	} CASES[] = {
		{ { "format:enum:nowhere" }, 0, "names an enum that the object's BTF does not have" },
		{ { "format:flags" }, 0, "its format names no enum" },
		{ { "format:lower" }, 0, "its format does not fit its type" },
		{ { "format:hex", "format:enum:event_type" }, 0, "has two formats" },
		{ { "format:hex", "format:lower" }, 0, "its format does not fit its type" },
		{ { "format:list:header" }, 0, "its format does not fit its type" },
		{ { "format:list:member" }, 5, "its format does not fit its type" },
		{ { "format:event" }, 5, "its format does not fit its type" },
		{ { "format:colourful" }, 0, "its format is not known to this program" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		struct btf *made = btf__new_empty();
		int type = btf__add_int(made, "int", 4, BTF_INT_SIGNED);
		struct error err = ERROR_NONE;
		struct event_layouts none;

		assert_int_equal(read_made(made, type, 4, CASES[i].bits, CASES[i].tags, &none, &err),
				 -ENOTSUP);
		if (!strstr(err.text, CASES[i].reason))
			fail_msg("case %zu: %s", i, err.text);
		btf__free(made);
	}
}

static void a_float_is_refused_by_name(void **state)
{
	static const char *const NONE[2] = { NULL };
	struct btf *made = btf__new_empty();
	struct error err = ERROR_NONE;
	struct event_layouts none;
	int type = btf__add_float(made, "double", 8);

	(void)state;
	assert_int_equal(read_made(made, type, 8, 0, NONE, &none, &err), -ENOTSUP);
	assert_string_equal(err.text, "event EVENT_ODD: member member: is a floating-point number");
	btf__free(made);
}

/* Of 64 bits that begin at the fourth bit of a byte: nine bytes. */
static void a_bit_field_may_lie_in_nine_bytes(void **state)
{
	static const char *const NONE[2] = { NULL };
	struct btf *made = btf__new_empty();
	struct error err = ERROR_NONE;
	struct event_layouts odd;
	int type = btf__add_int(made, "unsigned long", 8, 0);
	uint8_t record[25] = { 0 };
	json_t *event;

	(void)state;
	assert_int_equal(read_made(made, type, 9, 62, NONE, &odd, &err), 0);
	start(record, 1, sizeof(record));
	memset(record + 16, 0xff, 9);
	event = render(&odd, &CLOCK, slice_of(record, sizeof(record)));
	assert_true(json_integer_value(json_object_get(event, "member")) == (1ll << 62) - 1);
	json_decref(event);
	record[24] = 0;
	event = render(&odd, &CLOCK, slice_of(record, sizeof(record)));
	assert_true(json_integer_value(json_object_get(event, "member")) == (1ll << 61) - 1);
	json_decref(event);
	start(record, 1, 24);
	event = render(&odd, &CLOCK, slice_of(record, 24));
	assert_null(json_object_get(event, "member"));
	json_decref(event);
	event_layouts_free(&odd);
	btf__free(made);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(events_are_found_by_their_enumerators),
		cmocka_unit_test(a_record_shows_its_members_in_place),
		cmocka_unit_test(a_list_ends_with_the_record),
		cmocka_unit_test(a_string_behind_the_struct_stays_in_the_record),
		cmocka_unit_test(what_cannot_be_read_is_shown_as_bytes),
		cmocka_unit_test(any_bytes_of_any_length_are_rendered),
		cmocka_unit_test(an_object_without_events_says_so),
		cmocka_unit_test(a_union_is_refused_by_name),
		cmocka_unit_test(a_record_without_header_is_the_one_struct),
		cmocka_unit_test(what_a_tag_cannot_mean_is_refused),
		cmocka_unit_test(a_float_is_refused_by_name),
		cmocka_unit_test(a_bit_field_may_lie_in_nine_bytes),
	};

	return cmocka_run_group_tests_name("render", tests, setup, teardown);
}
