/* SPDX-License-Identifier: BSD-2-Clause */
/* Which of an object's buffers is used on which kernel. */
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

#include "loader/event_path.h"
#include "loader/libbpf_log.h"

enum { PERF = 1, RING = 0 };

/* An object of the build folder, in whose tests/ this program is. */
static struct bpf_object *open_object(const char *name)
{
	char self[PATH_MAX], path[2 * PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);
	struct bpf_object *object;

	assert_true(length > 0);
	self[length] = '\0';
	snprintf(path, sizeof(path), "%s/../%s", dirname(self), name);
	libbpf_log_start(LIBBPF_LOG_SILENT);
	object = bpf_object__open_file(path, NULL);
	assert_non_null(object);
	return object;
}

/* RING, PERF, or a negative errno. */
static int choose(const char *file, const char *map, const char *path, enum kernel_ring ring)
{
	struct bpf_object *object = open_object(file);
	struct error err = ERROR_NONE;
	bool use_perf = false;
	int code = event_path_choose(object, map, path, ring, &use_perf, &err);

	bpf_object__close(object);
	return code ? code : use_perf;
}

static void with_both(void **state)
{
	static const char file[] = "bpf/proctrace.bpf.o";

	(void)state;
	assert_int_equal(choose(file, "events", "auto", RING_LASTS), RING);
	assert_int_equal(choose(file, "events", "auto", RING_NONE), PERF);
	assert_int_equal(choose(file, "events", "auto", RING_ENDS_AT_4_GIB), PERF);
	assert_int_equal(choose(file, "events", "ringbuf", RING_ENDS_AT_4_GIB), RING);
	assert_int_equal(choose(file, "events", "perf", RING_LASTS), PERF);
}

static void with_a_ring_buffer_only(void **state)
{
	static const char file[] = "tests/bpf/runtime/covered.bpf.o";

	(void)state;
	assert_int_equal(choose(file, "pids", "auto", RING_LASTS), RING);
	assert_int_equal(choose(file, "pids", "auto", RING_ENDS_AT_4_GIB), RING);
	assert_int_equal(choose(file, "pids", "auto", RING_NONE), -ENOENT);
	assert_int_equal(choose(file, "pids", "perf", RING_LASTS), -ENOENT);
	assert_int_equal(choose(file, "others", "auto", RING_LASTS), -ENOENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(with_both),
		cmocka_unit_test(with_a_ring_buffer_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
