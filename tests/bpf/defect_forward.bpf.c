/* SPDX-License-Identifier: BSD-2-Clause */
/* Asks for a typedef that leads to a forward declaration; bpftool gives up on the whole kernel. */
#include "ask.h"

volatile __u64 sink;

struct hidden;
typedef struct hidden *handle_t;

SEC("raw_tp/sys_enter")
int forward(void *ctx)
{
	keep(bpf_core_type_exists(handle_t));
	keep(bpf_core_type_size(handle_t));
	return 0;
}
