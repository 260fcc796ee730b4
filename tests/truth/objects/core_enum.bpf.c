// SPDX-License-Identifier: BSD-2-Clause
/* An enumerator that no kernel has: its value is asked for, unguarded. */
#include "subject.h"

enum pid_type___subject { PIDTYPE_NO_SUCH___subject };

SEC("raw_tp/sched_process_exec")
int on_exec(void *ctx)
{
	return bpf_core_enum_value(enum pid_type___subject, PIDTYPE_NO_SUCH___subject);
}
