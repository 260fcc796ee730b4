// SPDX-License-Identifier: BSD-2-Clause
/*
 * Asks for kernel options: weak ones of each type that no kernel has, and one that libbpf answers.
 */
#include "vmlinux.h"

#include <bpf/bpf_helpers.h>

extern int LINUX_KERNEL_VERSION __kconfig;
extern bool CONFIG_BTFERRY_NO_SUCH_BOOL __kconfig __weak;
extern unsigned long CONFIG_BTFERRY_NO_SUCH_NUMBER __kconfig __weak;
extern char CONFIG_BTFERRY_NO_SUCH_TEXT[16] __kconfig __weak;

u64 seen;

SEC("raw_tp/sched_process_exec")
int on_exec(void *ctx)
{
	seen += LINUX_KERNEL_VERSION + CONFIG_BTFERRY_NO_SUCH_BOOL + CONFIG_BTFERRY_NO_SUCH_NUMBER +
		CONFIG_BTFERRY_NO_SUCH_TEXT[0];
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
