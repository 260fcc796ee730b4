/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Functions that libbpf.a holds but no public header declares (checked against 1.1.2 and 1.7.0).
 * They link statically only.  Types that libbpf alone looks into are left opaque.
 */
#ifndef TESTS_ORACLE_LIBBPF_HIDDEN_H
#define TESTS_ORACLE_LIBBPF_HIDDEN_H

#include <stdbool.h>
#include <stddef.h>

#include <bpf/btf.h>
#include <linux/bpf.h>

struct bpf_core_cand {
	const struct btf *btf;
	__u32 id;
};

struct bpf_core_cand_list {
	struct bpf_core_cand *cands;
	int len;
};

/* What libbpf would do to the instruction. */
struct bpf_core_relo_res {
	__u64 orig_val;
	__u64 new_val;
	bool poison;
	bool validate;
	bool fail_memsz_adjust;
	__u32 orig_sz;
	__u32 orig_type_id;
	__u32 new_sz;
	__u32 new_type_id;
};

/* Room for the three access paths that libbpf works on, 1,312 bytes each in 1.1.2. */
struct bpf_core_spec {
	__u64 opaque[3 * 512];
};

size_t bpf_core_essential_name_len(const char *name);

int bpf_core_add_cands(struct bpf_core_cand *local, size_t local_name_length,
		       const struct btf *target, const char *target_name, int first_id,
		       struct bpf_core_cand_list *list);

int bpf_core_calc_relo_insn(const char *program, const struct bpf_core_relo *relo, int index,
			    const struct btf *local, struct bpf_core_cand_list *list,
			    struct bpf_core_spec *scratch, struct bpf_core_relo_res *result);

#endif
