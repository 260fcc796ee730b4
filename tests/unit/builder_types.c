/* SPDX-License-Identifier: BSD-2-Clause */
/* Where types are declared, as far as their names tell. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "builder/types.h"

/* Names come out of BTF without flavour: what stands behind them does not count. */
static const char *header_of(const char *name)
{
	return types_header(name, strcspn(name, "|"));
}

static const char *event_header_of(const char *name)
{
	return types_event(name, strcspn(name, "|")).header;
}

static void types(void **state)
{
	(void)state;
	assert_string_equal(header_of("task_struct|"), "linux/sched.h");
	assert_string_equal(header_of("task_struct|___old"), "linux/sched.h");
	assert_string_equal(header_of("mount|"), "fs/mount.h");
	assert_string_equal(header_of("pid|"), "linux/pid.h");
	assert_string_equal(header_of("address_space|"), "linux/fs.h");
	assert_string_equal(header_of("vm_struct|"), "linux/vmalloc.h");
	assert_null(header_of("task_struc|t"));
	assert_null(header_of("task_structs|"));
	assert_null(header_of("|"));
}

static void records_of_tracepoints(void **state)
{
	(void)state;
	assert_string_equal(event_header_of("trace_event_raw_sched_process_exec|"),
			    "trace/events/sched.h");
	assert_string_equal(event_header_of("trace_event_raw_sys_enter|"), "trace/events/syscalls.h");
	/* kfree_skb is no kfree, wherever it stands in the table. */
	assert_string_equal(event_header_of("trace_event_raw_kfree_skb|"), "trace/events/skb.h");
	assert_string_equal(event_header_of("trace_event_raw_kfree|"), "trace/events/kmem.h");
	assert_string_equal(event_header_of("trace_event_raw_kfree|_skb"), "trace/events/kmem.h");
	assert_string_equal(event_header_of("trace_event_raw_cpu_frequency|"), "trace/events/power.h");
	/* Described in every kernel's headers, and there with its option only. */
	assert_string_equal(types_event("trace_event_raw_block_rq", 24).option, "CONFIG_BLOCK");
	assert_null(types_event("trace_event_raw_sched_switch", 28).option);
	assert_null(event_header_of("trace_event_raw_nobody_knows|"));
	assert_null(event_header_of("trace_event_raw_sched|_switch"));
	assert_null(event_header_of("trace_event_raw_|sched_switch"));
	assert_null(event_header_of("trace_event_data_offsets_sched_switch|"));
	assert_null(event_header_of("task_struct|"));
	assert_null(event_header_of("|"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(types),
		cmocka_unit_test(records_of_tracepoints),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
