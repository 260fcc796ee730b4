/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Questions that depend on the object: each is put to the running kernel when somebody asks, once,
 * and the answer is remembered with the facts and written with them.  Facts that were read back, or
 * that are about another kernel, have the answers that were recorded, and those that its BTF gives
 * (facts_add_btf()); anything else is unknown, without an errno.
 *
 * An object that names the same helper in ten programs of a kind costs one bpf() call.  Facts are
 * const here, because remembering what was asked does not change what they say.
 */
#ifndef HOST_ASK_H
#define HOST_ASK_H

#include "host/facts.h"
#include "host/kallsyms.h"

/* A kind of program, as an object has it. */
struct asked_program {
	uint32_t type;           /* enum bpf_prog_type */
	uint32_t attach_type;    /* expected, enum bpf_attach_type; 0: one that the type has */
	bool sleepable;
	/*
	 * What a tracing or lsm program attaches to in the kernel's BTF: "vfs_read" for fentry,
	 * "sched_switch" for tp_btf, "file_open" for lsm, "task" for iter; NULL or "": not said.
	 */
	const char *target;
};

/* Programs of this type and attach type can be loaded; target does not matter. */
struct probe ask_program(const struct facts *facts, const struct asked_program *program);

/*
 * Such programs may call a helper; a no with EACCES: but for their licence.  unknown with EPERM
 * where lockdown takes it away.  unknown where the self-test says that answers cannot be believed.
 */
struct probe ask_helper(const struct facts *facts, const struct asked_program *program,
			uint32_t helper, bool gpl);
struct probe ask_helpers_selftest(const struct facts *facts);

/* Such programs may call a kernel function of vmlinux; of a module: unknown, when it is there. */
struct probe ask_kfunc(const struct facts *facts, const struct asked_program *program,
		       const char *name);

/* Such a map can be created. */
struct probe ask_map(const struct facts *facts, uint32_t type, uint32_t key_size,
		     uint32_t value_size, uint32_t max_entries, uint32_t flags);

/* Programs may have global variables. */
struct probe ask_global_data(const struct facts *facts);

/* RLIMIT_MEMLOCK does not count for BPF (5.11). */
struct probe ask_memcg_accounting(const struct facts *facts);

/* perf_event_open(2) lets this process in, as attaching to tracepoints and probes takes. */
struct probe ask_perf_event(const struct facts *facts);

/* It lets this process make uprobes; from 6.15 on that takes CAP_SYS_ADMIN. */
struct probe ask_uprobe_event(const struct facts *facts);

/*
 * Programs can be attached to functions of the kernel, by its own BTF (fentry, lsm): which not
 * every architecture can that has BTF.
 */
struct probe ask_fentry(const struct facts *facts);

/* A program can be attached to many functions at once. */
struct probe ask_kprobe_multi(const struct facts *facts);

/*
 * Places: an event of tracefs, and whether its record is so long; a raw tracepoint, by the kernel's
 * BTF, tracefs or by trying.
 */
struct probe ask_tracepoint(const struct facts *facts, const char *category, const char *name);
struct probe ask_tracepoint_holds(const struct facts *facts, const char *category, const char *name,
				  size_t end);
struct probe ask_raw_tracepoint(const struct facts *facts, const char *name);

/* Functions of programs and libraries; the errno of a no tells more (host/uprobes.h). */
struct probe ask_uprobe(const struct facts *facts, const char *file, const char *function);

/* The target of a tracing or lsm program is in the kernel's BTF or in a loaded module's. */
struct probe ask_target(const struct facts *facts, const struct asked_program *program);

/* A typed __ksym: a function (is_function) or variable of this name is there, as above. */
struct probe ask_ksym(const struct facts *facts, const char *name, bool is_function);

/*
 * Symbols of /proc/kallsyms: fills symbols, of which only the names are read.  All of an object's
 * are best asked for at once: the list is read once for those that were not asked before.
 */
int ask_symbols(const struct facts *facts, struct symbol *symbols, size_t count);

/*
 * Asks what most objects could want, to be recorded for those that are not known yet: all types of
 * programs and maps, and all helpers of kprobe programs, by which tracepoints and perf events are
 * answered, too.  Some 300 bpf() calls.
 */
void ask_inventory(const struct facts *facts);

#endif
