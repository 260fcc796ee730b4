// SPDX-License-Identifier: BSD-2-Clause
/* Storage that belongs to tasks, which needs the kernel's own BTF. */
#include "subject.h"

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, u64);
} storage SEC(".maps");

SEC("tp_btf/sched_process_exec")
int on_exec(u64 *ctx)
{
	u64 *value = bpf_task_storage_get(&storage, bpf_get_current_task_btf(), NULL,
					  BPF_LOCAL_STORAGE_GET_F_CREATE);

	if (value)
		++*value;
	return 0;
}
