/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the running kernel's bpf(2) can do, asked by doing it: a program of a few instructions or
 * an empty map is made and closed at once.  No program of an application, and nothing shows in the
 * kernel's log.  Forbidden is not missing: EPERM, ENOMEM and whatever else does not say "there is
 * no such thing" is unknown, with its errno.
 *
 * The first of them all costs one bpf() call more, with which libbpf finds out whether it must
 * raise RLIMIT_MEMLOCK.
 */
#ifndef HOST_BPF_PROBES_H
#define HOST_BPF_PROBES_H

#include <stdbool.h>
#include <stdint.h>

#include "host/probe.h"

/* What the verifier goes by when it judges a program. */
struct program_kind {
	uint32_t type;           /* enum bpf_prog_type */
	uint32_t attach_type;    /* expected, enum bpf_attach_type; 0: one that the type has */
	bool sleepable;
	/*
	 * For tracing and lsm programs: the id, in the running kernel's BTF, of what they attach
	 * to.  0: not known.  Then answers about helpers are unknown, because they depend on it.
	 */
	uint32_t attach_btf_id;
};

/* Programs of this kind can be loaded.  1 bpf() call. */
struct probe probe_program_kind(const struct program_kind *kind);

/*
 * The verifier lets programs of this kind call a helper; gpl: their licence is compatible.  A
 * helper that is there but for the licence is a no with EACCES.  1 bpf() call; none, and unknown
 * with ENOTSUP, for those whose mere loading writes to the kernel's log.
 */
struct probe probe_helper(const struct program_kind *kind, uint32_t helper, bool gpl);

/*
 * Whether probe_helper() can be believed on this kernel: a helper that XDP programs alone have must
 * be a no for a kprobe program, and one that all have a yes.  2 bpf() calls.
 */
struct probe probe_helpers_selftest(void);

/*
 * The verifier lets programs of this kind call a kernel function: the id of its FUNC in the running
 * kernel's BTF.  1 bpf() call.
 */
struct probe probe_kfunc(const struct program_kind *kind, uint32_t func_btf_id);

/*
 * A map of this kind can be created.  max_entries is capped, so that it costs no memory.  Maps of
 * maps, of storage and of struct_ops get what they need besides.  1 or 2 bpf() calls.
 */
struct probe probe_map(uint32_t type, uint32_t key_size, uint32_t value_size, uint32_t max_entries,
		       uint32_t flags);

/* The kernel has maps of this type: probe_map() with sizes that suit it. */
struct probe probe_map_type(uint32_t type);

/*
 * True for sizes of which probe_map_type() says what probe_map() would: no flags but those that the
 * type must have, and sizes as all kernels take them.  Asks nothing.
 */
bool probe_map_is_ordinary(uint32_t type, uint32_t key_size, uint32_t value_size,
			   uint32_t max_entries, uint32_t flags);

/* Programs may have global variables (5.2).  2 bpf() calls. */
struct probe probe_global_data(void);

/*
 * The memory of BPF is charged to the memory cgroup, and RLIMIT_MEMLOCK does not count (5.11:
 * told, as libbpf does, by bpf_ktime_get_coarse_ns(), which came in the same release).  1 bpf()
 * call.
 */
struct probe probe_memcg_accounting(void);

/*
 * There is a raw tracepoint of this name: a program that does nothing is attached for a moment.
 * Meant for names that neither BTF nor tracefs knows, where nothing is attached after all.  2
 * bpf() calls.
 */
struct probe probe_raw_tracepoint(const char *name);

/*
 * A program can be attached to a function of the kernel, which fentry, fexit, fmod_ret and lsm
 * take: one that does nothing is attached for a moment.  func_btf_id: of a function that nobody
 * calls.  2 bpf() calls.
 */
struct probe probe_fentry(uint32_t func_btf_id);

/*
 * A kprobe program can be attached to many functions at once (5.18, CONFIG_FPROBE): asked for one
 * function that no kernel has, so that nothing is attached.  2 bpf() calls.
 */
struct probe probe_kprobe_multi(void);

#endif
