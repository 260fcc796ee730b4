// SPDX-License-Identifier: BSD-2-Clause
/* Compiled without debug information: no BTF, and with it no relocations. */
#include "subject.h"

SEC("raw_tp/sched_process_exec")
int on_exec(void *ctx)
{
	return bpf_get_current_pid_tgid() == 1;
}
