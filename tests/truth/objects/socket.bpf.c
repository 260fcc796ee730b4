// SPDX-License-Identifier: BSD-2-Clause
/* A socket filter, which reads a packet. */
#include "subject.h"

SEC("socket")
int whole_packet(struct __sk_buff *skb)
{
	return skb->len;
}
