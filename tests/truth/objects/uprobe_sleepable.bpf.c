// SPDX-License-Identifier: BSD-2-Clause
/* A sleepable uprobe that reads user memory, which may be paged out. */
#include "subject.h"

SEC("uprobe.s/libc.so.6:malloc")
int on_malloc(void *ctx)
{
	u32 word = 0;

	bpf_copy_from_user(&word, sizeof(word), (void *)0x10000);
	seen += word;
	return 0;
}
