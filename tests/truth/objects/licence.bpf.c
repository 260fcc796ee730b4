// SPDX-License-Identifier: BSD-2-Clause
/* A helper for GPL programs only, called from a proprietary one. */
#define SUBJECT_LICENCE "Proprietary"
#include "subject.h"

SEC("raw_tp/sched_process_exec")
int on_exec(u64 *ctx)
{
	u32 word = 0;

	bpf_probe_read_kernel(&word, sizeof(word), (void *)ctx[0]);
	return word;
}
