// SPDX-License-Identifier: BSD-2-Clause
/* More branches in a row than the verifier keeps in mind: E2BIG, or EFAULT on some kernels. */
#include "subject.h"

#define BRANCH if (bpf_get_prandom_u32() > 7) asm volatile("r0 = 0" ::: "r0");
#define TEN(x) x x x x x x x x x x

SEC("raw_tp/sched_process_exec")
int many_branches(void *ctx)
{
	TEN(TEN(TEN(TEN(BRANCH))))
	return 0;
}
