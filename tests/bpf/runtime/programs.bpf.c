// SPDX-License-Identifier: BSD-2-Clause
/*
 * Programs that cannot run everywhere: one needs the kernel's own BTF, one a place that no kernel
 * has.
 */
#include "vmlinux.h"

#include <bpf/bpf_helpers.h>

u64 seen;

SEC("fentry/do_exit")
int with_btf(void *ctx)
{
	seen++;
	return 0;
}

SEC("raw_tp/sched_process_exit")
int without_btf(void *ctx)
{
	seen++;
	return 0;
}

SEC("raw_tp/btferry_no_such_tracepoint")
int nowhere(void *ctx)
{
	seen++;
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
