/* SPDX-License-Identifier: BSD-2-Clause */
/* Questions about what programs may call, and the inventory. */
#include <errno.h>
#include <stdio.h>

#include <bpf/bpf.h>

#include "host/ask_parts.h"
#include "host/bpf_names.h"
#include "host/bpf_probes.h"

enum { PROG_TYPE_NETFILTER = 32, MAP_TYPE_ARENA = 33, LAST_HELPER = 211 };

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/*
 * kprobe, tracepoint, perf_event and raw_tracepoint programs have one list of helpers
 * (bpf_tracing_func_proto), but for these, which each type has in its own way or has not.
 */
static const uint32_t OF_ONE_TYPE[] = {
	BPF_FUNC_perf_event_output, BPF_FUNC_get_stackid, BPF_FUNC_get_stack,
	BPF_FUNC_perf_prog_read_value, BPF_FUNC_override_return, BPF_FUNC_read_branch_records,
	BPF_FUNC_get_func_ip, BPF_FUNC_get_attach_cookie,
};

/* Which of the helpers of fentry, fexit and tp_btf programs depend on the function. */
static const uint32_t OF_ONE_TARGET[] = {
	BPF_FUNC_d_path, BPF_FUNC_sk_storage_get, BPF_FUNC_sk_storage_delete,
};

/* What lockdown=confidentiality takes away; the kernel logs each attempt. */
static const uint32_t READ_KERNEL[] = {
	BPF_FUNC_probe_read, BPF_FUNC_probe_read_str, BPF_FUNC_probe_read_kernel,
	BPF_FUNC_probe_read_kernel_str,
};

static bool is_one_of(uint32_t helper, const uint32_t *helpers, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (helpers[i] == helper)
			return true;
	return false;
}

/* Where it does not matter what a program attaches to, one answer serves all of its kind. */
static bool depends_on_target(const struct asked_program *program, uint32_t helper)
{
	if (program->type == BPF_PROG_TYPE_TRACING && program->attach_type != BPF_TRACE_ITER)
		return is_one_of(helper, OF_ONE_TARGET, COUNT(OF_ONE_TARGET));
	return program->type == BPF_PROG_TYPE_TRACING || program->type == BPF_PROG_TYPE_LSM;
}

static void helper_question(const struct asked_program *program, uint32_t helper, bool gpl,
			    char name[static QUESTION_NAME_SIZE])
{
	char helper_name[BPF_NAME_SIZE];
	size_t used;

	ask_kind_name(program, depends_on_target(program, helper), name);
	used = strlen(name);
	snprintf(name + used, QUESTION_NAME_SIZE - used, "/%s%s",
		 bpf_helper_name(helper, helper_name), gpl ? "" : ":proprietary");
}

static struct program_kind kind_of(const struct facts *facts, const struct asked_program *program)
{
	return (struct program_kind){
		.type = program->type,
		.attach_type = program->attach_type,
		.sleepable = program->sleepable,
		.attach_btf_id = ask_target_id(facts, program),
	};
}

/* Answers about kprobe programs, for those that share their list of helpers. */
static struct probe by_kprobe(const struct facts *facts, const struct asked_program *program,
			      uint32_t helper, bool gpl)
{
	struct asked_program shared = { .type = BPF_PROG_TYPE_KPROBE };
	char name[QUESTION_NAME_SIZE];
	const struct answer *known;

	switch (program->type) {
	case BPF_PROG_TYPE_TRACEPOINT:
	case BPF_PROG_TYPE_PERF_EVENT:
	case BPF_PROG_TYPE_RAW_TRACEPOINT:
		if (is_one_of(helper, OF_ONE_TYPE, COUNT(OF_ONE_TYPE)))
			return probe_unknown(0);
		break;
	case BPF_PROG_TYPE_RAW_TRACEPOINT_WRITABLE:
		if (is_one_of(helper, OF_ONE_TYPE, COUNT(OF_ONE_TYPE)))
			shared.type = BPF_PROG_TYPE_RAW_TRACEPOINT;
		break;
	case BPF_PROG_TYPE_KPROBE: /* kprobe.multi, with an attach type of its own */
		break;
	default:
		return probe_unknown(0);
	}
	if (program->sleepable)
		return probe_unknown(0);
	helper_question(&shared, helper, gpl, name);
	known = ask_recorded(facts, ASKED_HELPER, name);
	return known ? known->probe : probe_unknown(0);
}

/*
 * bpf_trace_printk() must not be asked for, because the kernel then makes ready for it and says so
 * in its log.  But every type that has helpers of its own has had it from the start (kprobe: 4.1,
 * sockets: 4.2, each later one with the rest).
 */
static struct probe trace_printk(const struct facts *facts, const struct asked_program *program,
				 bool gpl)
{
	if (program->type == BPF_PROG_TYPE_EXT || program->type == BPF_PROG_TYPE_STRUCT_OPS)
		return probe_unknown(0);
	if (ask_program(facts, program).truth != TRUTH_YES)
		return probe_unknown(0);
	return gpl ? probe_yes() : probe_no(EACCES);
}

static struct probe ask_now(const struct facts *facts, const struct asked_program *program,
			    uint32_t helper, bool gpl)
{
	const struct program_kind kind = kind_of(facts, program);
	struct probe result;

	/* Answers without a log that we understand are none. */
	if (ask_helpers_selftest(facts).truth != TRUTH_YES)
		return probe_unknown(ask_helpers_selftest(facts).error);
	result = probe_helper(&kind, helper, gpl);
	if (result.truth == TRUTH_NO && facts->policy.lockdown == LOCKDOWN_UNKNOWN &&
	    is_one_of(helper, READ_KERNEL, COUNT(READ_KERNEL)))
		return probe_unknown(EPERM);
	return result;
}

struct probe ask_helper(const struct facts *facts, const struct asked_program *program,
			uint32_t helper, bool gpl)
{
	char name[QUESTION_NAME_SIZE];
	const struct answer *known;

	if (helper == BPF_FUNC_trace_printk)
		return trace_printk(facts, program, gpl);
	if (facts->policy.lockdown == LOCKDOWN_CONFIDENTIALITY &&
	    is_one_of(helper, READ_KERNEL, COUNT(READ_KERNEL)))
		return probe_unknown(EPERM);
	helper_question(program, helper, gpl, name);
	known = ask_recorded(facts, ASKED_HELPER, name);
	if (known)
		return known->probe;
	if (!ask_is_live(facts)) {
		struct probe recorded = by_kprobe(facts, program, helper, gpl);

		return recorded.truth != TRUTH_UNKNOWN ? recorded : ask_file_helper(facts, helper);
	}
	return ask_note(facts, ASKED_HELPER, name, ask_now(facts, program, helper, gpl));
}

static struct probe find_kfunc(const struct facts *facts, const struct asked_program *program,
			       const char *function)
{
	const struct program_kind kind = kind_of(facts, program);
	const struct kernel_btf *btf;
	struct probe there = ask_ksym(facts, function, true);
	uint32_t id;
	int error;

	btf = inquiry_btf(facts->inquiry, BTF_KIND_FUNC, &error);
	id = btf ? kernel_btf_find(btf, BTF_KIND_FUNC, function) : 0;
	if (id)
		return probe_kfunc(&kind, id);
	return there.truth == TRUTH_YES ? probe_unknown(0) : there;
}

struct probe ask_kfunc(const struct facts *facts, const struct asked_program *program,
		       const char *function)
{
	char name[QUESTION_NAME_SIZE];
	const struct answer *known;
	size_t used;

	ask_kind_name(program, true, name);
	used = strlen(name);
	snprintf(name + used, sizeof(name) - used, "/%.120s", function);
	known = ask_recorded(facts, ASKED_KFUNC, name);
	if (known)
		return known->probe;
	if (!ask_is_live(facts))
		return probe_unknown(0);
	return ask_note(facts, ASKED_KFUNC, name, find_kfunc(facts, program, function));
}

static void ask_shared_helpers(const struct facts *facts)
{
	static const uint32_t OTHERS[] = {
		BPF_PROG_TYPE_TRACEPOINT, BPF_PROG_TYPE_PERF_EVENT, BPF_PROG_TYPE_RAW_TRACEPOINT,
	};
	struct asked_program program = { .type = BPF_PROG_TYPE_KPROBE };
	uint32_t helper;
	size_t i, k;

	for (helper = 1; helper <= LAST_HELPER; helper++)
		ask_helper(facts, &program, helper, true);
	for (i = 0; i < COUNT(OTHERS); i++) {
		program.type = OTHERS[i];
		for (k = 0; k < COUNT(OF_ONE_TYPE); k++)
			ask_helper(facts, &program, OF_ONE_TYPE[k], true);
	}
}

void ask_inventory(const struct facts *facts)
{
	uint32_t type;

	for (type = BPF_PROG_TYPE_SOCKET_FILTER; type <= PROG_TYPE_NETFILTER; type++)
		ask_program(facts, &(struct asked_program){ .type = type });
	for (type = BPF_MAP_TYPE_HASH; type <= MAP_TYPE_ARENA; type++)
		ask_map_type(facts, type);
	ask_global_data(facts);
	ask_memcg_accounting(facts);
	ask_perf_event(facts);
	ask_fentry(facts);
	ask_shared_helpers(facts);
}
