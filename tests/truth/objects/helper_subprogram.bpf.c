// SPDX-License-Identifier: BSD-2-Clause
/* A helper of XDP, called from a subprogram that one of two programs calls. */
#include "subject.h"

static __noinline int adjust(struct xdp_md *ctx)
{
	return bpf_xdp_adjust_head(ctx, 0);
}

SEC("raw_tp/sched_process_exec")
int calls(struct xdp_md *ctx)
{
	return adjust(ctx);
}

NOTHING("raw_tp/sched_process_exit", does_not_call)
