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

static int setup(void **state)
{
	char path[2 * PATH_MAX], self[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);
	struct error err = ERROR_NONE;

	(void)state;
	if (length < 0)
		return -1;
	self[length] = '\0';
	snprintf(path, sizeof(path), "%s/../bpf/proctrace.bpf.o", dirname(self));
	btf = btf__parse(path, NULL);
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
static const struct field *field(const char *event, const char *name)
{
	for (size_t i = 0; i < layouts.count; i++) {
		const struct layout *layout = &layouts.events[i].layout;

		if (strcmp(layouts.events[i].name, event) != 0)
			continue;
		for (size_t k = 0; k < layout->count; k++)
			if (strcmp(layout->fields[k].name, name) == 0)
				return &layout->fields[k];
	}
	fail_msg("%s has no member %s", event, name);
	return NULL;
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
	assert_int_equal(layouts.count, 4);
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
	const struct field *args = field("exec", "args"), *size = field("exec", "args_size");
	static const char ARGS[] = "ls\0-l\0\0cut";
	uint8_t record[8192] = { 0 };
	json_t *event, *list;

	(void)state;
	start(record, EXEC, args->offset + sizeof(ARGS) - 1);
	memcpy(record + args->offset, ARGS, sizeof(ARGS) - 1);
	store_le32(record + size->offset, 4096); /* more than there is */
	event = render(&layouts, &CLOCK, slice_of(record, args->offset + sizeof(ARGS) - 1));
	list = json_object_get(event, "args");
	assert_int_equal(json_array_size(list), 4);
	assert_string_equal(json_string_value(json_array_get(list, 0)), "ls");
	assert_string_equal(json_string_value(json_array_get(list, 2)), "");
	assert_string_equal(json_string_value(json_array_get(list, 3)), "cut");
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
	for (uint32_t type = 1; type <= 4; type++) {
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(events_are_found_by_their_enumerators),
		cmocka_unit_test(a_record_shows_its_members_in_place),
		cmocka_unit_test(a_list_ends_with_the_record),
		cmocka_unit_test(what_cannot_be_read_is_shown_as_bytes),
		cmocka_unit_test(any_bytes_of_any_length_are_rendered),
		cmocka_unit_test(an_object_without_events_says_so),
		cmocka_unit_test(a_union_is_refused_by_name),
	};

	return cmocka_run_group_tests_name("render", tests, setup, teardown);
}
