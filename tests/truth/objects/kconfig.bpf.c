// SPDX-License-Identifier: BSD-2-Clause
/* Kernel options that every kernel has or that are weak. */
#include "subject.h"

extern u32 CONFIG_HZ __kconfig;
extern u32 LINUX_KERNEL_VERSION __kconfig;
extern bool CONFIG_NO_SUCH_OPTION __kconfig __weak;

SEC("raw_tp/sched_process_exec")
int on_exec(void *ctx)
{
	seen += CONFIG_HZ + LINUX_KERNEL_VERSION + CONFIG_NO_SUCH_OPTION;
	return 0;
}
