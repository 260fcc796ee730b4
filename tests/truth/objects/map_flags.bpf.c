// SPDX-License-Identifier: BSD-2-Clause
/* A map with a flag that no kernel has. */
#include "subject.h"

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, 1U << 31);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, u32);
} strange SEC(".maps");

NOTHING("raw_tp/sched_process_exec", on_exec)
