/* SPDX-License-Identifier: BSD-2-Clause */
/* Asks a 32-bit kernel for the size of a pointer, which libbpf takes from that of `long`. */
#include "ask.h"

volatile __u64 sink;

struct narrow { void *pointer; int after; } __attribute__((preserve_access_index));

SEC("raw_tp/sys_enter")
int narrow(void *ctx)
{
	struct narrow *narrow = ctx;

	ask_size(narrow, pointer);
	load(narrow, pointer);
	load(narrow, after);
	return 0;
}
