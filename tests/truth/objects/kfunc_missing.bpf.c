// SPDX-License-Identifier: BSD-2-Clause
/* A kernel function that no kernel has. */
#include "subject.h"

extern int bpf_no_such_kernel_function(int) __ksym;

SEC("tp_btf/sched_process_exec")
int on_exec(void *ctx)
{
	return bpf_no_such_kernel_function(1);
}
