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
static int choose(const char *file, const char *map, const char *path, bool kernel_has_ringbuf)
{
	struct bpf_object *object = open_object(file);
	struct error err = ERROR_NONE;
	bool use_perf = false;
	int code = event_path_choose(object, map, path, kernel_has_ringbuf, &use_perf, &err);

	bpf_object__close(object);
	return code ? code : use_perf;
}

static void with_both(void **state)
{
	static const char file[] = "bpf/proctrace.bpf.o";

	(void)state;
	assert_int_equal(choose(file, "events", "auto", true), RING);
	assert_int_equal(choose(file, "events", "auto", false), PERF);
	assert_int_equal(choose(file, "events", "perf", true), PERF);
}

static void with_a_ring_buffer_only(void **state)
{
	static const char file[] = "tests/bpf/runtime/covered.bpf.o";

	(void)state;
	assert_int_equal(choose(file, "pids", "auto", true), RING);
	assert_int_equal(choose(file, "pids", "auto", false), -ENOENT);
	assert_int_equal(choose(file, "pids", "perf", true), -ENOENT);
	assert_int_equal(choose(file, "others", "auto", true), -ENOENT);
}

/* How `check` says it before, without libbpf. */
static void said_before(void **state)
{
	static const struct object_map ring = { .name = "events", .type = BPF_MAP_TYPE_RINGBUF };
	static const struct object_map perf = { .name = "events",
						.type = BPF_MAP_TYPE_PERF_EVENT_ARRAY };
	static const struct object_map twin = { .name = "events_perf",
						.type = BPF_MAP_TYPE_PERF_EVENT_ARRAY };
	static const struct object_map no_twin = { .name = "events_perf", .type = BPF_MAP_TYPE_HASH };
	const struct {
		struct object_map maps[2];
		bool kernel_has_ringbuf;
		enum event_way way;
	} CASES[] = {
		{ { ring, twin }, true, EVENTS_RINGBUF },
		{ { twin, ring }, false, EVENTS_PERF_INSTEAD },
		{ { ring, no_twin }, true, EVENTS_RINGBUF },
		{ { ring, no_twin }, false, EVENTS_NONE },
		{ { perf, no_twin }, true, EVENTS_PERF },
		{ { perf, twin }, false, EVENTS_PERF },
		{ { twin, no_twin }, true, EVENTS_NONE },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		struct object_map maps[] = { CASES[i].maps[0], CASES[i].maps[1] };
		const struct object object = { .maps = maps, .map_count = 2 };

		assert_int_equal(event_way_of(&object, "events", CASES[i].kernel_has_ringbuf), CASES[i].way);
		assert_int_equal(event_way_of(&object, NULL, CASES[i].kernel_has_ringbuf), EVENTS_NONE);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(with_both),
		cmocka_unit_test(with_a_ring_buffer_only),
		cmocka_unit_test(said_before),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
