// SPDX-License-Identifier: BSD-2-Clause
/* The size of a type that no kernel has: an answer like another, 0. */
#include "subject.h"

struct no_such_type {
	int field;
} __attribute__((preserve_access_index));

SEC("raw_tp/sched_process_exec")
int on_exec(void *ctx)
{
	return bpf_core_type_size(struct no_such_type);
}
