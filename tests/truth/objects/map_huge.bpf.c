// SPDX-License-Identifier: BSD-2-Clause
/* A hash table of a size that no kernel takes. */
#include "subject.h"

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 0xffffffff);
	__uint(key_size, 4);
	__uint(value_size, 1 << 20);
} strange SEC(".maps");

NOTHING("raw_tp/sched_process_exec", on_exec)
