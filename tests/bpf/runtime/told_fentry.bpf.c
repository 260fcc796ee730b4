// SPDX-License-Identifier: BSD-2-Clause
/*
 * No relocation, but a program that needs the kernel's own BTF, and one that can stand in for it.
 */
#include "vmlinux.h"

#include <bpf/bpf_helpers.h>

#include "told.h"

SEC("fentry/do_exit")
int with_btf(void *ctx)
{
	tell(ctx, EVENT_EXIT, 0);
	return 0;
}

SEC("raw_tp/sched_process_exit")
int without_btf(void *ctx)
{
	tell(ctx, EVENT_EXIT, 0);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
