/* SPDX-License-Identifier: BSD-2-Clause */
/* Inside host/: loading a program of a few instructions, with what the verifier says of it. */
#ifndef HOST_BPF_LOAD_H
#define HOST_BPF_LOAD_H

#include <bpf/bpf.h>

#include "host/bpf_probes.h"

/* The log of a few instructions; with too little room, kernels before 6.4 fail with ENOSPC. */
enum { LOAD_LOG_SIZE = 16 * 1024 };

struct load_result {
	int fd;                  /* of the program, or a negative errno */
	char log[LOAD_LOG_SIZE];
};

/*
 * Loads insns as a program of this kind.  The caller closes fd when it is not negative.  One
 * bpf() call.
 */
void bpf_load(const struct program_kind *kind, const struct bpf_insn *insns, size_t count, bool gpl,
	      struct load_result *result);

/* r0 = 0; exit */
#define BPF_LOAD_RETURN_0 \
	{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = 0 }, \
	{ .code = BPF_JMP | BPF_EXIT }

#endif
