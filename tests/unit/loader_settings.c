/* SPDX-License-Identifier: BSD-2-Clause */
/* What can be set in an object, and what each mistake is told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "loader/libbpf_log.h"
#include "loader/settings.h"
#include "loader/variable.h"

static struct bpf_object *object;

static int open_object(void **state)
{
	char self[PATH_MAX], path[2 * PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);

	(void)state;
	assert_true(length > 0);
	self[length] = '\0';
	snprintf(path, sizeof(path), "%s/bpf/runtime/settings.bpf.o", dirname(self));
	libbpf_log_start(LIBBPF_LOG_SILENT);
	object = bpf_object__open_file(path, NULL);
	return object ? 0 : -1;
}

static int close_object(void **state)
{
	(void)state;
	bpf_object__close(object);
	return 0;
}

static int apply(const char *text, struct error *err)
{
	const struct settings settings = { .given = &text, .given_count = 1 };

	*err = ERROR_NONE;
	return settings_apply(object, &settings, err);
}

enum what { TYPE, VALUE };

/* What the object says of the setting. */
static void listed(const char *name, enum what what, const char *expected)
{
	char is[256] = "not listed";
	struct settable *settings;
	struct error err;
	size_t count, i;

	assert_int_equal(settings_list(object, &settings, &count, &err), 0);
	for (i = 0; i < count; i++)
		if (strcmp(settings[i].name, name) == 0)
			snprintf(is, sizeof(is), "%s",
				 what == TYPE ? settings[i].type : settings[i].value);
	settings_free(settings, count);
	assert_string_equal(is, expected);
}

/* Sets, and sees what the object then says. */
static void set(const char *name, const char *value, const char *expected)
{
	char given[256];
	struct error err;

	snprintf(given, sizeof(given), "%s=%s", name, value);
	if (apply(given, &err))
		fail_msg("%s", err.text);
	listed(name, VALUE, expected);
}

static void refused(const char *given, const char *reason)
{
	struct error err;

	assert_int_equal(apply(given, &err), -EINVAL);
	if (!strstr(err.text, reason))
		fail_msg("%s", err.text);
}

static void types_are_told(void **state)
{
	(void)state;
	listed("enabled", TYPE, "bool");
	listed("tiny", TYPE, "s8");
	listed("mask", TYPE, "u64");
	listed("colour", TYPE, "enum colour");
	listed("name", TYPE, "text of up to 7 bytes");
	listed("only_uid", TYPE, "list of up to 4 u32");
	listed("only_comm", TYPE, "list of up to 3 texts of up to 7 bytes");
	listed("only_event", TYPE, "list of up to 2 enum event_type");
	listed("level", TYPE, "u32");
}

static void others_are_no_settings(void **state)
{
	static const char *const OTHERS[] = {
		"debug_level", "composite", "compiled_in", "hidden", "events_use_perf",
		"only_uid_count", "LICENSE",
	};
	char text[64];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(OTHERS) / sizeof(OTHERS[0]); i++) {
		listed(OTHERS[i], TYPE, "not listed");
		snprintf(text, sizeof(text), "%s=1", OTHERS[i]);
		refused(text, "has no setting");
	}
}

static void numbers_have_the_range_of_their_type(void **state)
{
	(void)state;
	set("tiny", "127", "127");
	set("tiny", "-128", "-128");
	set("tiny", "0x7f", "127");
	set("tiny", "-0", "0");
	set("port", "65535", "65535");
	set("wide", "-9223372036854775808", "-9223372036854775808");
	set("wide", "9223372036854775807", "9223372036854775807");
	set("mask", "0xffffffffffffffff", "18446744073709551615");
	set("mask", "010", "10");
	refused("tiny=128", "tiny: `128` is not within -128 .. 127");
	refused("tiny=-129", "is not within -128 .. 127");
	refused("port=65536", "is not within 0 .. 65535");
	refused("port=-1", "`-1` is not within 0 .. 65535");
	refused("wide=9223372036854775808", "is not within -9223372036854775808 .. ");
	refused("wide=-9223372036854775809", "is not within -9223372036854775808 .. ");
	refused("mask=18446744073709551616", "is not within 0 .. 18446744073709551615");
	refused("mask=0x10000000000000000", "is not within 0 .. 18446744073709551615");
}

static void what_is_no_number_is_refused(void **state)
{
	static const char *const WRONG[] = {
		"port=1x", "port=x", "port= 1", "port=+1", "port=1 ", "port=0x", "port=--1", "port=1,2",
		"port=-", "port=0xfg", "port=1.5",
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(WRONG) / sizeof(WRONG[0]); i++)
		refused(WRONG[i], "is no number");
	refused("port=", "port: the value is empty");
}

static void truth_has_six_words(void **state)
{
	(void)state;
	set("enabled", "yes", "true");
	set("enabled", "no", "false");
	set("enabled", "true", "true");
	set("enabled", "false", "false");
	set("enabled", "1", "true");
	set("enabled", "0", "false");
	refused("enabled=2", "`2` is not true, false, yes, no, 1 or 0");
	refused("enabled=YES", "is not true");
}

static void enumerators_have_two_names(void **state)
{
	(void)state;
	set("colour", "COLOUR_BLUE", "blue");
	set("colour", "red", "red");
	set("only_event", "settings,EVENT_OTHER", "settings,other");
	refused("colour=green", "`green` is not one of none, red, blue");
	refused("colour=1", "is not one of");
	refused("colour=RED", "is not one of");
	refused("only_event=settings,exec", "`exec` is not one of settings, other");
}

static void texts_fit_with_their_nul(void **state)
{
	(void)state;
	set("name", "1234567", "1234567");
	set("name", "a", "a");
	set("name", "", "");
	set("name", "a,b=c", "a,b=c");
	refused("name=12345678", "`12345678` has 8 bytes, and up to 7 fit");
	refused("name=a\xff", "is not UTF-8");
}

/* The value of only_uid_count, which is none of the settings. */
static uint32_t count_of_users(void)
{
	struct variable *variables;
	struct error err;
	size_t count, i;
	uint32_t value = UINT32_MAX;

	assert_int_equal(variables_read(object, &variables, &count, &err), 0);
	for (i = 0; i < count; i++)
		if (strcmp(variables[i].name, "only_uid_count") == 0)
			value = load_le32(variable_value(&variables[i]));
	free(variables);
	return value;
}

static void lists_are_counted(void **state)
{
	(void)state;
	set("only_uid", "0", "0");
	assert_int_equal(count_of_users(), 1);
	set("only_uid", "1,2,3,4", "1,2,3,4");
	assert_int_equal(count_of_users(), 4);
	set("only_uid", "5,0", "5,0");
	assert_int_equal(count_of_users(), 2);
	set("only_uid", "", "");
	assert_int_equal(count_of_users(), 0);
	set("only_comm", "ls,sh", "ls,sh");
	set("only_comm", "a\\,b,c\\d", "a\\,b,c\\d");
	refused("only_uid=1,2,3,4,5", "only_uid: 5 elements are given, and up to 4 fit");
	refused("only_uid=1,,3", "element 2 is empty");
	refused("only_uid=,", "element 1 is empty");
	refused("only_uid=1,", "element 2 is empty");
	refused("only_comm=ls,12345678", "has 8 bytes, and up to 7 fit");
	/* What was refused changed nothing. */
	listed("only_uid", VALUE, "");
}

static void names_and_forms_are_told(void **state)
{
	(void)state;
	refused("only_user=1", "settings: has no setting only_user; it has level, enabled, tiny, port");
	refused("port", "`port`: is not NAME=VALUE");
	refused("=1", "is not NAME=VALUE");
	refused("", "is not NAME=VALUE");
}

static void what_is_given_wins_over_a_default(void **state)
{
	char port[] = "port=1", level[] = "level=1", wrong[] = "port=x";
	char *defaults[] = { port, level }, *bad[] = { wrong };
	const char *given[] = { "port=2", "port=3" };
	struct settings settings = {
		.defaults = defaults, .default_count = 2, .given = given, .given_count = 2,
	};
	struct error err = ERROR_NONE;

	(void)state;
	assert_int_equal(settings_apply(object, &settings, &err), 0);
	listed("port", VALUE, "3");
	listed("level", VALUE, "1");
	settings = (struct settings){ .defaults = bad, .default_count = 1 };
	assert_int_equal(settings_apply(object, &settings, &err), -EBADMSG);
	assert_int_equal(err.code, -EBADMSG);
	assert_string_equal(err.text, "manifest: [set]: port: `x` is no number");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(types_are_told, open_object, close_object),
		cmocka_unit_test_setup_teardown(others_are_no_settings, open_object, close_object),
		cmocka_unit_test_setup_teardown(numbers_have_the_range_of_their_type, open_object,
						close_object),
		cmocka_unit_test_setup_teardown(what_is_no_number_is_refused, open_object, close_object),
		cmocka_unit_test_setup_teardown(truth_has_six_words, open_object, close_object),
		cmocka_unit_test_setup_teardown(enumerators_have_two_names, open_object, close_object),
		cmocka_unit_test_setup_teardown(texts_fit_with_their_nul, open_object, close_object),
		cmocka_unit_test_setup_teardown(lists_are_counted, open_object, close_object),
		cmocka_unit_test_setup_teardown(names_and_forms_are_told, open_object, close_object),
		cmocka_unit_test_setup_teardown(what_is_given_wins_over_a_default, open_object,
						close_object),
	};

	return cmocka_run_group_tests_name("settings", tests, NULL, NULL);
}
