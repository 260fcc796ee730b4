// SPDX-License-Identifier: BSD-2-Clause
/* A helper of XDP, called from a raw tracepoint: no kernel lets that be. */
#include "subject.h"

SEC("raw_tp/sched_process_exec")
int on_exec(struct xdp_md *ctx)
{
	return bpf_xdp_adjust_head(ctx, 0);
}
