// SPDX-License-Identifier: BSD-2-Clause
/* A congestion control made of BPF programs. */
#include "subject.h"

SEC("struct_ops/ssthresh") u32 subject_ssthresh(u64 *ctx) { return 2; }
SEC("struct_ops/undo_cwnd") u32 subject_undo_cwnd(u64 *ctx) { return 2; }
SEC("struct_ops/cong_avoid") void subject_cong_avoid(u64 *ctx) {}

SEC(".struct_ops")
struct tcp_congestion_ops subject = {
	.ssthresh = (void *)subject_ssthresh,
	.undo_cwnd = (void *)subject_undo_cwnd,
	.cong_avoid = (void *)subject_cong_avoid,
	.name = "subject",
};
