// SPDX-License-Identifier: BSD-2-Clause
/* A helper that may sleep, called where nothing may. */
#include "subject.h"

SEC("raw_tp/sched_process_exec")
int on_exec(u64 *ctx)
{
	u32 word = 0;

	bpf_copy_from_user(&word, sizeof(word), (void *)ctx[1]);
	return word;
}
