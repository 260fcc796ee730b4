// SPDX-License-Identifier: BSD-2-Clause
/* Cannot do without an option that no kernel has. */
#include "vmlinux.h"

#include <bpf/bpf_helpers.h>

extern bool CONFIG_BTFERRY_NO_SUCH_BOOL __kconfig;

u64 seen;

SEC("raw_tp/sched_process_exec")
int on_exec(void *ctx)
{
	seen += CONFIG_BTFERRY_NO_SUCH_BOOL;
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
