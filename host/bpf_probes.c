/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <unistd.h>

#include "host/bpf_load.h"
#include "host/bpf_verdict.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Whether the kernel said that something is missing, rather than that we may not have it. */
static struct probe refused(int error)
{
	return error == EINVAL || error == KERNEL_ENOTSUPP || error == EOPNOTSUPP || error == ENOSYS ?
	       probe_no(error) : probe_unknown(error);
}

struct probe probe_program_kind(const struct program_kind *kind)
{
	static const struct bpf_insn insns[] = { BPF_LOAD_RETURN_0 };
	struct program_kind asked = *kind;
	struct load_result result;

	/*
	 * Programs that attach to a place in the BTF name one.  Where none is known, id 1 is no
	 * function in any kernel, and it is the verifier who says so: then it knows the type.
	 */
	if (!asked.attach_btf_id &&
	    (asked.type == BPF_PROG_TYPE_TRACING || asked.type == BPF_PROG_TYPE_LSM ||
	     asked.type == BPF_PROG_TYPE_EXT || asked.type == BPF_PROG_TYPE_STRUCT_OPS))
		asked.attach_btf_id = 1;
	bpf_load(&asked, insns, COUNT(insns), true, &result);
	if (result.fd >= 0) {
		close(result.fd);
		return probe_yes();
	}
	if ((result.fd == -EINVAL || result.fd == -KERNEL_ENOTSUPP) && result.log[0])
		return probe_yes();
	/* Fields of bpf_attr that this kernel does not know: older than the type. */
	if (result.fd == -E2BIG)
		return probe_no(E2BIG);
	return refused(-result.fd);
}

/* The verdict on the call that is the first instruction; closes the program. */
static struct probe verdict(const struct load_result *result)
{
	if (result->fd >= 0)
		close(result->fd);
	return bpf_call_verdict(result->fd < 0 ? -result->fd : 0, result->log);
}

static bool needs_place(const struct program_kind *kind)
{
	return kind->type == BPF_PROG_TYPE_TRACING || kind->type == BPF_PROG_TYPE_LSM ||
	       kind->type == BPF_PROG_TYPE_EXT || kind->type == BPF_PROG_TYPE_STRUCT_OPS;
}

/*
 * Helpers that write to the kernel's log as soon as the verifier meets them: bpf_probe_write_user
 * warns of itself, and the others announce trace_printk's buffers.
 */
static bool is_noisy(uint32_t helper)
{
	return helper == BPF_FUNC_probe_write_user || helper == BPF_FUNC_trace_printk ||
	       helper == BPF_FUNC_trace_vprintk;
}

struct probe probe_helper(const struct program_kind *kind, uint32_t helper, bool gpl)
{
	const struct bpf_insn insns[] = {
		{ .code = BPF_JMP | BPF_CALL, .imm = (int32_t)helper },
		BPF_LOAD_RETURN_0,
	};
	struct load_result result;

	if (is_noisy(helper))
		return probe_unknown(ENOTSUP);
	if (needs_place(kind) && !kind->attach_btf_id)
		return probe_unknown(0);
	bpf_load(kind, insns, COUNT(insns), gpl, &result);
	return verdict(&result);
}

struct probe probe_helpers_selftest(void)
{
	static const struct program_kind kprobe = { .type = BPF_PROG_TYPE_KPROBE };
	struct probe own = probe_helper(&kprobe, BPF_FUNC_map_lookup_elem, true);
	struct probe foreign = probe_helper(&kprobe, BPF_FUNC_xdp_adjust_head, true);

	if (own.truth == TRUTH_YES && foreign.truth == TRUTH_NO)
		return probe_yes();
	/* Wrong answers, not missing ones: the kernel's words are others than we know. */
	if (own.truth == TRUTH_NO || foreign.truth == TRUTH_YES)
		return probe_no(0);
	return probe_unknown(own.error ? own.error : foreign.error);
}

struct probe probe_kfunc(const struct program_kind *kind, uint32_t func_btf_id)
{
	const struct bpf_insn insns[] = {
		{ .code = BPF_JMP | BPF_CALL, .src_reg = BPF_PSEUDO_KFUNC_CALL,
		  .imm = (int32_t)func_btf_id },
		BPF_LOAD_RETURN_0,
	};
	struct load_result result;

	if (needs_place(kind) && !kind->attach_btf_id)
		return probe_unknown(0);
	bpf_load(kind, insns, COUNT(insns), true, &result);
	return verdict(&result);
}

struct probe probe_memcg_accounting(void)
{
	static const struct program_kind filter = { .type = BPF_PROG_TYPE_SOCKET_FILTER };

	return probe_helper(&filter, BPF_FUNC_ktime_get_coarse_ns, true);
}

struct probe probe_raw_tracepoint(const char *name)
{
	static const struct program_kind kind = { .type = BPF_PROG_TYPE_RAW_TRACEPOINT };
	static const struct bpf_insn insns[] = { BPF_LOAD_RETURN_0 };
	struct load_result result;
	int fd;

	bpf_load(&kind, insns, COUNT(insns), true, &result);
	if (result.fd < 0)
		return refused(-result.fd);
	fd = bpf_raw_tracepoint_open(name, result.fd);
	close(result.fd);
	if (fd >= 0) {
		close(fd);
		return probe_yes();
	}
	return fd == -ENOENT ? probe_no(ENOENT) : refused(-fd);
}

struct probe probe_fentry(uint32_t func_btf_id)
{
	const struct program_kind kind = {
		.type = BPF_PROG_TYPE_TRACING, .attach_type = BPF_TRACE_FENTRY,
		.attach_btf_id = func_btf_id,
	};
	static const struct bpf_insn insns[] = { BPF_LOAD_RETURN_0 };
	struct load_result result;
	int fd;

	bpf_load(&kind, insns, COUNT(insns), true, &result);
	if (result.fd < 0)
		return refused(-result.fd);
	fd = bpf_raw_tracepoint_open(NULL, result.fd);
	close(result.fd);
	if (fd < 0)
		return refused(-fd);
	close(fd);
	return probe_yes();
}

struct probe probe_kprobe_multi(void)
{
	static const struct program_kind kind = {
		.type = BPF_PROG_TYPE_KPROBE, .attach_type = BPF_TRACE_KPROBE_MULTI,
	};
	static const struct bpf_insn insns[] = { BPF_LOAD_RETURN_0 };
	static const char *names[] = { "btferry_no_such_function" };
	LIBBPF_OPTS(bpf_link_create_opts, options, .kprobe_multi.syms = names,
		    .kprobe_multi.cnt = COUNT(names));
	struct load_result result;
	int fd;

	bpf_load(&kind, insns, COUNT(insns), true, &result);
	if (result.fd < 0)
		return refused(-result.fd);
	fd = bpf_link_create(result.fd, 0, BPF_TRACE_KPROBE_MULTI, &options);
	close(result.fd);
	if (fd >= 0)
		close(fd);
	if (fd >= 0 || fd == -ESRCH || fd == -ENOENT)
		return probe_yes();
	return fd == -EOPNOTSUPP || fd == -EINVAL ? probe_no(-fd) : refused(-fd);
}
