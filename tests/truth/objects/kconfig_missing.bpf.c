// SPDX-License-Identifier: BSD-2-Clause
/* A kernel option that no kernel has, and that is not weak. */
#include "subject.h"

extern bool CONFIG_NO_SUCH_OPTION __kconfig;

SEC("raw_tp/sched_process_exec")
int on_exec(void *ctx)
{
	seen += CONFIG_NO_SUCH_OPTION;
	return 0;
}
