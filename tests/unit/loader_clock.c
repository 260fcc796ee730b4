/* SPDX-License-Identifier: BSD-2-Clause */
/* Times as text, of whatever 64 bits a record has for one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "loader/clock.h"

static const struct {
	int64_t realtime;
	const char *text;
} times[] = {
	{ 0, "1970-01-01T00:00:00.000000000Z" },
	{ 1, "1970-01-01T00:00:00.000000001Z" },
	{ -1, "1969-12-31T23:59:59.999999999Z" },
	{ -1000000000, "1969-12-31T23:59:59.000000000Z" },
	{ 1764374400123456789, "2025-11-29T00:00:00.123456789Z" },
	{ INT64_MAX, "2262-04-11T23:47:16.854775807Z" },
	{ INT64_MIN, "1677-09-21T00:12:43.145224192Z" },
};

static void every_time_has_a_text(void **state)
{
	char text[CLOCK_TEXT_SIZE];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(times) / sizeof(times[0]); i++)
		assert_string_equal(clock_text(times[i].realtime, text), times[i].text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_time_has_a_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
