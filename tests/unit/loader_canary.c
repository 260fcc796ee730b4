/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The canary on the kernel that runs the tests; without the right to load programs it is skipped.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "lib/file.h"

#include "loader/canary.h"
#include "loader/libbpf_log.h"
#include "tests/unit/needs.h"

#define KERNEL_BTF "/sys/kernel/btf/vmlinux"

static struct buffer object;

/* A file of the build folder, in whose tests/ this program is. */
static const char *built(const char *name)
{
	static char path[2 * PATH_MAX];
	char self[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);

	assert_true(length > 0);
	self[length] = '\0';
	snprintf(path, sizeof(path), "%s/../%s", dirname(self), name);
	return path;
}

static int setup(void **state)
{
	struct error err = ERROR_NONE;

	(void)state;
	libbpf_log_start(LIBBPF_LOG_ON_FAILURE);
	return file_read(AT_FDCWD, built("bpf/canary.bpf.o"), 1 << 20, &object, &err);
}

static int teardown(void **state)
{
	(void)state;
	buffer_free(&object);
	return 0;
}

static const struct canary_check *find(const struct canary_report *report, const char *field)
{
	for (size_t i = 0; i < report->count; i++)
		if (strcmp(report->checks[i].field, field) == 0)
			return &report->checks[i];
	fail_msg("no check of %s", field);
	return NULL;
}

static void skip_unless_possible(void)
{
	needs_bpf();
	if (geteuid() == 0 && access(KERNEL_BTF, R_OK) == 0)
		return;
	print_message("not root, or no " KERNEL_BTF "\n");
	skip();
}

static void kernels_own_btf_passes(void **state)
{
	struct canary_report report;
	struct error err = ERROR_NONE;
	int code;

	(void)state;
	skip_unless_possible();
	code = canary_run(buffer_slice(&object), NULL, &report, &err);
	if (code == -EPERM)
		skip();
	assert_string_equal(err.text, "");
	assert_int_equal(code, 0);
	assert_int_equal(report.matched + report.unchecked, report.count);
	assert_int_equal(find(&report, "task_struct.pid")->state, CANARY_MATCH);
	assert_int_equal(find(&report, "task_struct.comm")->state, CANARY_MATCH);
	assert_int_equal(find(&report, "new_utsname.release")->state, CANARY_MATCH);
	assert_int_equal(find(&report, "pid.level")->state, CANARY_MATCH);
}

static void another_kernels_btf_is_named(void **state)
{
	struct canary_report report;
	struct error err = ERROR_NONE;
	int code;

	(void)state;
	skip_unless_possible();
	code = canary_run(buffer_slice(&object), built("bpf/vmlinux.btf"), &report, &err);
	if (code == -EPERM)
		skip();
	assert_int_equal(code, -ESTALE);
	assert_int_equal(report.status, STATUS_NO);
	assert_non_null(strstr(err.text, "is not this kernel's: task_struct.pid reads "));
}

/* Another object's own BTF has what its source names, and nothing that the canary alone reads. */
static void btf_without_a_field_is_not_this_kernels(void **state)
{
	struct canary_report report;
	struct error err = ERROR_NONE;
	int code;

	(void)state;
	skip_unless_possible();
	code = canary_run(buffer_slice(&object), built("bpf/proctrace.bpf.o"), &report, &err);
	if (code == -EPERM)
		skip();
	assert_int_equal(code, -ESTALE);
	assert_int_equal(report.status, STATUS_NO);
	assert_non_null(strstr(err.text, "is not this kernel's, or was reduced for other objects: "
				"it has no struct "));
}

static void no_object_is_damaged(void **state)
{
	struct canary_report report;
	struct error err = ERROR_NONE;

	(void)state;
	assert_int_not_equal(canary_run(slice_of("no ELF", 6), NULL, &report, &err), 0);
	assert_non_null(strstr(err.text, "canary"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kernels_own_btf_passes),
		cmocka_unit_test(another_kernels_btf_is_named),
		cmocka_unit_test(btf_without_a_field_is_not_this_kernels),
		cmocka_unit_test(no_object_is_damaged),
	};

	return cmocka_run_group_tests_name("canary", tests, setup, teardown);
}
