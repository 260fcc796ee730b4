// SPDX-License-Identifier: BSD-2-Clause
/* A typed kernel variable: it needs the kernel's own BTF, and CONFIG_KALLSYMS_ALL. */
#include "subject.h"

extern const struct rq runqueues __ksym;

SEC("raw_tp/sched_process_exec")
int on_exec(void *ctx)
{
	const struct rq *rq = bpf_per_cpu_ptr(&runqueues, bpf_get_smp_processor_id());

	if (rq)
		seen += rq->nr_running;
	return 0;
}
