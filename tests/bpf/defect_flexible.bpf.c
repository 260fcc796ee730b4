/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Asks for an element of an array of none.  It is a flexible array only where it stands last: once
 * bpftool has dropped the members behind it, an element exists that did not.
 */
#include "ask.h"

volatile __u64 sink;

#define index __attribute__((preserve_access_index))

struct middle { int head; int array[4]; } index;
struct last { int head; int array[4]; } index;

SEC("raw_tp/sys_enter")
int flexible(void *ctx)
{
	struct middle *middle = ctx;
	struct last *last = ctx;

	ask_offset(middle, array);
	ask_exists(middle, array[2]);
	ask_offset(last, array);
	ask_exists(last, array[2]);
	load(last, array[3]);
	return 0;
}
