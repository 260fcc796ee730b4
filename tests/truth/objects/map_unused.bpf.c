// SPDX-License-Identifier: BSD-2-Clause
/* A map of a type that no kernel has, which no program uses: libbpf creates it all the same. */
#include "subject.h"

struct {
	__uint(type, 999);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, u32);
} strange SEC(".maps");

NOTHING("raw_tp/sched_process_exec", on_exec)
