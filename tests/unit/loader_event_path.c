/* SPDX-License-Identifier: BSD-2-Clause */
/* How events come, as `check` says it before: what the object has, and what the kernel has. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <linux/bpf.h>

#include "loader/event_path.h"

static const struct object_map RING = { .name = "events", .type = BPF_MAP_TYPE_RINGBUF };
static const struct object_map PERF = { .name = "events", .type = BPF_MAP_TYPE_PERF_EVENT_ARRAY };
static const struct object_map TWIN = { .name = "events_perf", .type = BPF_MAP_TYPE_PERF_EVENT_ARRAY };
static const struct object_map NO_TWIN = { .name = "events_perf", .type = BPF_MAP_TYPE_HASH };
static const struct object_map OTHER = { .name = "other", .type = BPF_MAP_TYPE_RINGBUF };

static enum event_way way(struct object_map first, struct object_map second, bool has_ringbuf)
{
	struct object_map maps[] = { first, second };
	struct object object = { .maps = maps, .map_count = 2 };

	return event_way_of(&object, "events", has_ringbuf);
}

static void ways(void **state)
{
	struct object empty = { .maps = NULL };

	(void)state;
	assert_int_equal(way(RING, TWIN, true), EVENTS_RINGBUF);
	assert_int_equal(way(RING, TWIN, false), EVENTS_PERF_INSTEAD);
	assert_int_equal(way(TWIN, RING, false), EVENTS_PERF_INSTEAD);
	assert_int_equal(way(RING, OTHER, true), EVENTS_RINGBUF);
	assert_int_equal(way(RING, OTHER, false), EVENTS_NONE);
	assert_int_equal(way(RING, NO_TWIN, false), EVENTS_NONE);
	assert_int_equal(way(PERF, OTHER, true), EVENTS_PERF);
	assert_int_equal(way(PERF, OTHER, false), EVENTS_PERF);
	assert_int_equal(way(OTHER, TWIN, false), EVENTS_NONE);
	assert_int_equal(event_way_of(&empty, "events", true), EVENTS_NONE);
	assert_int_equal(event_way_of(&empty, NULL, true), EVENTS_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ways),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
