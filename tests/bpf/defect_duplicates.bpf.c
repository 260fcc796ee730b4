/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Asks for a member that two types of one name have, then for one of the second alone.  Reduced
 * by bpftool, the second type lacks the shared member, is pruned, and `second` is gone.
 */
#include "ask.h"

volatile __u64 sink;

struct twin { int both; int second; } __attribute__((preserve_access_index));

SEC("raw_tp/sys_enter")
int duplicates(void *ctx)
{
	struct twin *twin = ctx;

	load(twin, both);
	load(twin, second);
	ask_exists(twin, second);
	return 0;
}
