// SPDX-License-Identifier: BSD-2-Clause
/* Every common type of map, none of them unusual. */
#include "subject.h"

#define MAP(name, map_type, entries, flags) \
	struct { \
		__uint(type, map_type); \
		__uint(max_entries, entries); \
		__uint(map_flags, flags); \
		__type(key, u32); \
		__type(value, u64); \
	} name SEC(".maps")

MAP(hash, BPF_MAP_TYPE_HASH, 1024, 0);
MAP(hash_late, BPF_MAP_TYPE_HASH, 1024, BPF_F_NO_PREALLOC);
MAP(percpu, BPF_MAP_TYPE_PERCPU_HASH, 1024, 0);
MAP(lru, BPF_MAP_TYPE_LRU_HASH, 1024, 0);
MAP(array, BPF_MAP_TYPE_ARRAY, 16, 0);
MAP(percpu_array, BPF_MAP_TYPE_PERCPU_ARRAY, 16, 0);

struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(max_entries, 16);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(key_size, 8);
	__uint(value_size, 4);
} trie SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_STACK_TRACE);
	__uint(max_entries, 16);
	__uint(key_size, 4);
	__uint(value_size, 127 * 8);
} stacks SEC(".maps");

SEC("raw_tp/sched_process_exec")
int on_exec(void *ctx)
{
	u32 key = bpf_get_stackid(ctx, &stacks, 0);
	u64 value = 1;

	bpf_map_update_elem(&hash, &key, &value, BPF_ANY);
	return 0;
}
