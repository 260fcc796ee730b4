// SPDX-License-Identifier: BSD-2-Clause
/* The address of a kernel function, which libbpf finds in /proc/kallsyms. */
#include "subject.h"

extern const void vfs_read __ksym;

SEC("raw_tp/sched_process_exec")
int on_exec(void *ctx)
{
	seen = (u64)&vfs_read;
	return 0;
}
