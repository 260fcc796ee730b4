// SPDX-License-Identifier: BSD-2-Clause
/* A pointer that the program made up: the verifier refuses it, with EACCES. */
#include "subject.h"

SEC("raw_tp/sched_process_exec")
int wild(u64 *ctx)
{
	return *(int *)ctx[0];
}
