/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Asks for the sign of an enum, which libbpf 1.1 also reads from behind the type; and loads
 * elements of an array whose width changes, which libbpf allows only where neither has a sign.
 */
#include "ask.h"

volatile __u64 sink;

enum rank { RANK_LOW = 1, RANK_HIGH = 2 };
struct signs {
	unsigned long numbers[4];
	enum rank rank : 4; /* stands last in the reduced BTF, before the strings */
} __attribute__((preserve_access_index));

SEC("raw_tp/sys_enter")
int signs(void *ctx)
{
	struct signs *signs = ctx;

	ask_bits(signs, rank);
	load(signs, numbers[2]);
	return 0;
}
