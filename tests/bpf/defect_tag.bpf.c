/* SPDX-License-Identifier: BSD-2-Clause */
/* Asks for types with type tags on the way; bpftool gives up on the whole kernel. */
#include "ask.h"

volatile __u64 sink;

#define index __attribute__((preserve_access_index))

struct payload { int size; } index;
typedef struct payload *user_payload_t;
struct tagged { struct payload *payload; int *word; } index;
struct tagged___match { struct payload *payload; int *word; };

SEC("raw_tp/sys_enter")
int tag(void *ctx)
{
	struct tagged *tagged = ctx;

	keep(bpf_core_type_exists(user_payload_t));
	keep(bpf_core_type_exists(struct tagged___match));
	load(tagged, word);
	load(tagged, payload->size);
	return 0;
}
