/* SPDX-License-Identifier: BSD-2-Clause */
/* Reading Prometheus' text format, with labels that hold what could end them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "installer/samples.h"

static const char TEXT[] =
	"# HELP info What, {and} \"how\".\n"
	"# TYPE info gauge\n"
	"info{app=\"a\",path=\"b\\\\c\\\"}d\\ne\\\\n\",empty=\"\"} 1\n"
	"\n"
	"events_total{event=\"exec\"} 18446744073709551615\n"
	"seconds 1.500\n"
	"no_end{label=\"} 3\n"
	"behind 4\n";

static void samples_and_labels(void **state)
{
	const char *at = TEXT;
	struct sample sample;
	char value[16];

	(void)state;
	assert_true(sample_next(&at, &sample));
	assert_true(sample_is(&sample, "info"));
	assert_string_equal(sample_label(&sample, "app", value, sizeof(value)), "a");
	assert_string_equal(sample_label(&sample, "path", value, sizeof(value)), "b\\c\"}d\ne\\n");
	assert_string_equal(sample_label(&sample, "path", value, 3), "b\\");
	assert_string_equal(sample_label(&sample, "empty", value, sizeof(value)), "");
	assert_string_equal(sample_label(&sample, "ap", value, sizeof(value)), "");
	assert_true(sample_next(&at, &sample));
	assert_true(sample_is(&sample, "events_total"));
	assert_string_equal(sample_label(&sample, "event", value, sizeof(value)), "exec");
	assert_true(sample_next(&at, &sample));
	assert_true(sample_is(&sample, "seconds"));
	assert_string_equal(sample_label(&sample, "event", value, sizeof(value)), "");
	/* What is damaged ends it. */
	assert_false(sample_next(&at, &sample));
}

static void numbers(void **state)
{
	uint64_t integer = 0;
	double real = 0;

	(void)state;
	assert_true(sample_integer(TEXT, "events_total", &integer));
	assert_true(integer == UINT64_MAX);
	assert_true(sample_real(TEXT, "seconds", &real));
	assert_true(real == 1.5);
	assert_false(sample_real(TEXT, "second", &real));
	assert_false(sample_real(TEXT, "behind", &real));
}

/* Any prefix of a text, as a connection that ends may leave it. */
static void cut_anywhere(void **state)
{
	char text[sizeof(TEXT)], value[16];
	struct sample sample;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(TEXT); i++) {
		const char *at = text;

		memcpy(text, TEXT, i);
		text[i] = '\0';
		while (sample_next(&at, &sample))
			sample_label(&sample, "path", value, sizeof(value));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(samples_and_labels),
		cmocka_unit_test(numbers),
		cmocka_unit_test(cut_anywhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
