/* SPDX-License-Identifier: BSD-2-Clause */
/* Events as lines for people: what stands where, and what never reaches a terminal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <time.h>

#include "lib/plain.h"
#include "runtime/table.h"

static void expect(const char *event, const char *line)
{
	struct table table = { .terminal = false };
	struct buffer out = { 0 };
	json_t *json = json_loads(event, 0, NULL);

	assert_non_null(json);
	assert_int_equal(table_append(&table, json, &out), 0);
	assert_int_equal(buffer_append(&out, "", 1), 0);
	assert_string_equal((char *)out.data, line);
	buffer_free(&out);
	json_decref(json);
}

static void columns_come_first_and_the_rest_in_its_order(void **state)
{
	(void)state;
	expect("{\"event\":\"exec\",\"time\":\"2024-05-06T07:08:09.123456789Z\",\"pid\":12,"
	       "\"zeta\":1,\"alpha\":-2,\"uid\":1000,\"comm\":\"sh\",\"on\":true,\"off\":false}",
	       "07:08:09.123 exec            12  1000 sh               "
	       "zeta=1 alpha=-2 on=true off=false\n");
}

static void what_an_event_lacks_is_a_dash(void **state)
{
	(void)state;
	expect("{\"event\":\"record\",\"bytes\":\"00ff\"}",
	       "-            record           -     - -                bytes=00ff\n");
	expect("{\"event\":\"a\",\"time\":\"today\"}",
	       "-            a                -     - -                \n");
}

static void columns_grow_with_what_they_hold(void **state)
{
	(void)state;
	expect("{\"event\":\"privilege_gained\",\"pid\":4194304,\"uid\":4294967295,\"comm\":\"\"}",
	       "-            privilege_gained 4194304 4294967295                  \n");
}

static void lists_and_structs_stand_in_brackets(void **state)
{
	(void)state;
	expect("{\"event\":\"e\",\"args\":[\"ls\",\"two words\",\"\",\"a=b\",\"[\"],\"none\":[],"
	       "\"took\":1.5,\"at\":{\"x\":1,\"y\":[{\"z\":\"q\"}]}}",
	       "-            e                -     - -                args=[ls \"two words\" \"\" "
	       "\"a=b\" \"[\"] none=[] took=1.5 at={x=1 y=[{z=q}]}\n");
}

static void a_value_cannot_look_like_two(void **state)
{
	(void)state;
	expect("{\"event\":\"e\",\"a\":\"x\\\" b=1 \\\"\"}",
	       "-            e                -     - -                a=\"x\\\" b=1 \\\"\"\n");
}

static void an_alert_has_a_mark(void **state)
{
	(void)state;
	expect("{\"event\":\"alert\",\"severity\":\"high\"}",
	       "-            !alert           -     - -                severity=high\n");
}

static void nothing_steers_a_terminal(void **state)
{
	(void)state;
	expect("{\"event\":\"\\u001b[2J\",\"comm\":\"\\r\\n\\t\",\"a\":\"\\u001b]0;x\\u0007\","
	       "\"b\":\"\\u007f\",\"c\":\"\\u009b31m\",\"d\":\"\\u202e\\u2066\\u2028\\u200f\"}",
	       "-            \\x1b[2J          -     - \\x0d\\x0a\\x09     a=\"\\x1b]0;x\\x07\" b=\\x7f "
	       "c=\\xc2\\x9b31m d=\\xe2\\x80\\xae\\xe2\\x81\\xa6\\xe2\\x80\\xa8\\xe2\\x80\\x8f\n");
	/* Other characters of several bytes stay. */
	expect("{\"event\":\"e\",\"a\":\"\\u00e9\\u20ac\\ud83d\\ude00\\u00a0\"}",
	       "-            e                -     - -                a=\xc3\xa9\xe2\x82\xac"
	       "\xf0\x9f\x98\x80\xc2\xa0\n");
}

/* Whatever the bytes: only printable ASCII, and bytes of characters of several bytes. */
static void every_three_bytes_are_made_harmless(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 1 << 16; i++) {
		uint8_t bytes[] = { (uint8_t)i, (uint8_t)(i >> 8), (uint8_t)(i * 31) };
		struct buffer out = { 0 };

		assert_int_equal(plain_append(&out, slice_of(bytes, sizeof(bytes))), 0);
		for (size_t k = 0; k < out.size; k++) {
			assert_true(out.data[k] >= 0x20 && out.data[k] != 0x7f);
			if (k + 1 < out.size && out.data[k] == 0xc2)
				assert_true(out.data[k + 1] >= 0xa0);
		}
		buffer_free(&out);
	}
}

static int setup(void **state)
{
	(void)state;
	setenv("TZ", "UTC", 1);
	tzset();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(columns_come_first_and_the_rest_in_its_order),
		cmocka_unit_test(what_an_event_lacks_is_a_dash),
		cmocka_unit_test(columns_grow_with_what_they_hold),
		cmocka_unit_test(lists_and_structs_stand_in_brackets),
		cmocka_unit_test(a_value_cannot_look_like_two),
		cmocka_unit_test(an_alert_has_a_mark),
		cmocka_unit_test(nothing_steers_a_terminal),
		cmocka_unit_test(every_three_bytes_are_made_harmless),
	};

	return cmocka_run_group_tests_name("table", tests, setup, NULL);
}
