// SPDX-License-Identifier: BSD-2-Clause
/* A proprietary program that calls only what it may. */
#define SUBJECT_LICENCE "Proprietary"
#include "subject.h"

SEC("socket")
int some_packets(struct __sk_buff *skb)
{
	return bpf_get_prandom_u32() & 1;
}
