// SPDX-License-Identifier: BSD-2-Clause
/* No relocation: what helpers know of an exec. */
#include "vmlinux.h"

#include <bpf/bpf_helpers.h>

#include "told.h"

SEC("raw_tp/sched_process_exec")
int on_exec(void *ctx)
{
	tell(ctx, EVENT_EXEC, 0);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
