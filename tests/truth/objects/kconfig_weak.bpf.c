// SPDX-License-Identifier: BSD-2-Clause
/* Only weak kernel options: no configuration has to be found. */
#include "subject.h"

extern u32 CONFIG_HZ __kconfig __weak;
extern bool CONFIG_NO_SUCH_OPTION __kconfig __weak;

SEC("raw_tp/sched_process_exec")
int on_exec(void *ctx)
{
	seen += CONFIG_HZ + CONFIG_NO_SUCH_OPTION;
	return 0;
}
