// SPDX-License-Identifier: BSD-2-Clause
/* An array whose key is not four bytes long. */
#include "subject.h"

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, u64);
	__type(value, u32);
} strange SEC(".maps");

NOTHING("raw_tp/sched_process_exec", on_exec)
