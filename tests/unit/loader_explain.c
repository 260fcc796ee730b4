/* SPDX-License-Identifier: BSD-2-Clause */
/* What is made of a failure and of what libbpf said about it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include <bpf/libbpf.h>

#include "loader/explain.h"
#include "loader/libbpf_log.h"

static libbpf_print_fn_t speak;

/* Says it as libbpf does. */
static void say(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	speak(LIBBPF_WARN, format, args);
	va_end(args);
}

static int setup(void **state)
{
	(void)state;
	libbpf_log_start(LIBBPF_LOG_SILENT);
	speak = libbpf_set_print(NULL);
	return 0;
}

static void say_refusal(const char *program, size_t lines)
{
	size_t i;

	say("libbpf: prog '%s': BPF program load failed: Permission denied\n", program);
	say("libbpf: prog '%s': -- BEGIN PROG LOAD LOG --\n", program);
	for (i = 0; i < lines; i++)
		say("%zu: (b7) r0 = 0\n", i);
	say("R1 invalid mem access 'scalar'\nprocessed 1 insns\n-- END PROG LOAD LOG --\n");
	say("libbpf: prog '%s': failed to load: -13\nlibbpf: failed to load object 'o'\n", program);
}

static void test_refused(void **state)
{
	struct error err = ERROR_NONE;

	(void)state;
	say_refusal("wild", 3);
	assert_int_equal(explain_load(-EACCES, "o", false, &err), STATUS_NO);
	assert_int_equal(err.code, -EACCES);
	assert_string_equal(err.text, "o: program wild: the kernel's verifier refuses it: "
			    "R1 invalid mem access 'scalar': Permission denied");
}

/* Of a log of megabytes, who it is about and what is wrong are still there. */
static void test_long_log(void **state)
{
	static char big[300000];
	struct error err = ERROR_NONE;

	(void)state;
	say_refusal("wild", 20000);
	assert_int_equal(explain_load(-EACCES, "o", false, &err), STATUS_NO);
	assert_non_null(strstr(err.text, "program wild: "));
	assert_non_null(strstr(err.text, "invalid mem access 'scalar'"));

	libbpf_log_start(LIBBPF_LOG_SILENT);
	memset(big, 'x', sizeof(big) - 1);
	say("libbpf: prog 'first': -- BEGIN PROG LOAD LOG --\n%s\nthe end\n", big);
	assert_non_null(strstr(libbpf_log_text(), "prog 'first'"));
	assert_string_equal(libbpf_log_text() + strlen(libbpf_log_text()) - 9, "\nthe end\n");
}

static void test_forbidden(void **state)
{
	struct error err = ERROR_NONE;

	(void)state;
	say("libbpf: prog 'p': BPF program load failed: Operation not permitted\n");
	assert_int_equal(explain_load(-EPERM, "o", false, &err), STATUS_BLOCKED);
	assert_non_null(strstr(err.text, "o: program p: the kernel does not let us load it"));
}

static void test_shortage(void **state)
{
	struct error err = ERROR_NONE;

	(void)state;
	assert_int_equal(explain_load(-ENOMEM, "o", false, &err), STATUS_SYSTEM);
	assert_string_equal(err.text, "o: cannot load: Cannot allocate memory");
}

static void test_map_refused(void **state)
{
	struct error err = ERROR_NONE;

	(void)state;
	say("libbpf: map 'm': failed to create: Invalid argument(-22)\n");
	say("libbpf: failed to load object 'o'\n");
	assert_int_equal(explain_load(-EINVAL, "o", false, &err), STATUS_NO);
	assert_non_null(strstr(err.text, "o: cannot load: map 'm': failed to create"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_refused, setup),
		cmocka_unit_test_setup(test_long_log, setup),
		cmocka_unit_test_setup(test_forbidden, setup),
		cmocka_unit_test_setup(test_shortage, setup),
		cmocka_unit_test_setup(test_map_refused, setup),
	};

	return cmocka_run_group_tests_name("explain", tests, NULL, NULL);
}
