/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Questions to a kernel's BTF, one CO-RE relocation each; what they come to goes where the compiler
 * cannot throw it away.  The objects of this folder are resolved, never run.
 */
#ifndef TESTS_BPF_ASK_H
#define TESTS_BPF_ASK_H

#include <linux/types.h>

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

extern volatile __u64 sink;

#define keep(value) (sink = (__u64)(value))
#define ask_offset(p, field) keep(__builtin_preserve_field_info((p)->field, BPF_FIELD_BYTE_OFFSET))
#define ask_size(p, field) keep(bpf_core_field_size((p)->field))
#define ask_exists(p, field) keep(bpf_core_field_exists((p)->field))

/* A load whose offset and width libbpf patches. */
#define load(p, field) keep(__builtin_preserve_access_index((p)->field))

/* All that a bit-field can be asked. */
#define ask_bits(p, field)                                                               \
	do {                                                                              \
		ask_offset(p, field);                                                      \
		ask_size(p, field);                                                        \
		ask_exists(p, field);                                                      \
		keep(__builtin_preserve_field_info((p)->field, BPF_FIELD_SIGNED));         \
		keep(__builtin_preserve_field_info((p)->field, BPF_FIELD_LSHIFT_U64));     \
		keep(__builtin_preserve_field_info((p)->field, BPF_FIELD_RSHIFT_U64));     \
	} while (0)

#endif
