/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "host/ask.h"
#include "host/ask_parts.h"
#include "host/bpf_names.h"
#include "host/bpf_probes.h"
#include "host/tracepoints.h"
#include "host/uprobes.h"

const struct answer *ask_recorded(const struct facts *facts, enum question question,
				  const char *name)
{
	return facts->inquiry ? inquiry_find(facts->inquiry, question, name) : NULL;
}

bool ask_is_live(const struct facts *facts)
{
	return facts->inquiry && facts->inquiry->live;
}

struct probe ask_note(const struct facts *facts, enum question question, const char *name,
		      struct probe probe)
{
	return inquiry_note(facts->inquiry, question, name, policy_doubt(&facts->policy, probe));
}

/* A question that has no parts: what was recorded, else what probe() says now. */
static struct probe ask_feature(const struct facts *facts, const char *name,
				struct probe (*probe)(void))
{
	const struct answer *known = ask_recorded(facts, ASKED_FEATURE, name);

	if (known)
		return known->probe;
	return ask_is_live(facts) ? ask_note(facts, ASKED_FEATURE, name, probe()) : probe_unknown(0);
}

/* A no of a configuration is one of the kernel; a yes has more to it. */
static struct probe by_option(const struct facts *facts, const char *option)
{
	return facts_option(facts, option).set.truth == TRUTH_NO ? probe_no(ENOENT) : probe_unknown(0);
}

struct probe ask_global_data(const struct facts *facts)
{
	return ask_feature(facts, "global_data", probe_global_data);
}

struct probe ask_memcg_accounting(const struct facts *facts)
{
	return ask_feature(facts, "memcg_accounting", probe_memcg_accounting);
}

/* As libbpf attaches to tracepoints: all processes, on one processor. */
static struct probe probe_perf_event(void)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE,
		.size = sizeof(attr),
		.config = PERF_COUNT_SW_DUMMY,
		.disabled = 1,
	};
	int fd = (int)syscall(SYS_perf_event_open, &attr, -1, 0, -1, PERF_FLAG_FD_CLOEXEC);

	if (fd < 0)
		return errno == ENOSYS ? probe_no(ENOSYS) : probe_unknown(errno);
	close(fd);
	return probe_yes();
}

struct probe ask_perf_event(const struct facts *facts)
{
	return ask_feature(facts, "perf_event", probe_perf_event);
}

/* Without a path, which is looked at after the privileges: nothing is attached. */
static struct probe probe_uprobe_event(int64_t type)
{
	struct perf_event_attr attr = { .type = (uint32_t)type, .size = sizeof(attr), .disabled = 1 };
	int fd = (int)syscall(SYS_perf_event_open, &attr, -1, 0, -1, PERF_FLAG_FD_CLOEXEC);

	if (fd >= 0) {
		close(fd);
		return probe_yes();
	}
	if (errno == EINVAL || errno == EFAULT)
		return probe_yes();
	return errno == ENOSYS ? probe_no(ENOSYS) : probe_unknown(errno);
}

struct probe ask_uprobe_event(const struct facts *facts)
{
	static const char name[] = "uprobe_event";
	const struct answer *known = ask_recorded(facts, ASKED_FEATURE, name);
	const struct setting *pmu = &facts->policy.uprobe_pmu;

	if (known)
		return known->probe;
	if (!ask_is_live(facts) || pmu->known.truth != TRUTH_YES)
		return by_option(facts, "CONFIG_UPROBES");
	return ask_note(facts, ASKED_FEATURE, name, probe_uprobe_event(pmu->value));
}

/* The kernel has this function for tests of its own, and calls it in no other case. */
struct probe ask_fentry(const struct facts *facts)
{
	static const struct asked_program on_test = {
		.type = BPF_PROG_TYPE_TRACING, .attach_type = BPF_TRACE_FENTRY,
		.target = "bpf_fentry_test1",
	};
	static const char name[] = "fentry";
	const struct answer *known = ask_recorded(facts, ASKED_FEATURE, name);
	uint32_t function;

	if (known)
		return known->probe;
	function = ask_target_id(facts, &on_test);
	if (!function)
		return by_option(facts, "CONFIG_DYNAMIC_FTRACE_WITH_DIRECT_CALLS");
	return ask_note(facts, ASKED_FEATURE, name, probe_fentry(function));
}

struct probe ask_kprobe_multi(const struct facts *facts)
{
	struct probe answer = by_option(facts, "CONFIG_FPROBE");

	return answer.truth == TRUTH_NO ? answer :
	       ask_feature(facts, "kprobe_multi", probe_kprobe_multi);
}

struct probe ask_helpers_selftest(const struct facts *facts)
{
	return ask_feature(facts, "helpers_selftest", probe_helpers_selftest);
}

struct probe ask_program(const struct facts *facts, const struct asked_program *program)
{
	const struct program_kind kind = {
		.type = program->type,
		.attach_type = program->attach_type,
		.sleepable = program->sleepable,
	};
	char name[QUESTION_NAME_SIZE];
	const struct answer *known;

	ask_kind_name(program, false, name);
	known = ask_recorded(facts, ASKED_PROGRAM, name);
	if (known)
		return known->probe;
	if (!ask_is_live(facts))
		return ask_file_program(facts, program);
	return ask_note(facts, ASKED_PROGRAM, name, probe_program_kind(&kind));
}

/* What an answer about a type of map says of one of certain sizes: an empty type has none. */
static struct probe by_map_type(const struct facts *facts, uint32_t type, const char *type_name,
				bool ordinary)
{
	const struct answer *known = ask_recorded(facts, ASKED_MAP, type_name);

	if (!known)
		return ask_file_map(facts, type, ordinary);
	return known->probe.truth == TRUTH_YES && !ordinary ? probe_unknown(0) : known->probe;
}

struct probe ask_map_type(const struct facts *facts, uint32_t type)
{
	char name[BPF_NAME_SIZE];
	const struct answer *known;

	bpf_map_type_name(type, name);
	known = ask_recorded(facts, ASKED_MAP, name);
	if (known)
		return known->probe;
	return ask_is_live(facts) ? ask_note(facts, ASKED_MAP, name, probe_map_type(type)) :
	       ask_file_map(facts, type, true);
}

struct probe ask_map(const struct facts *facts, uint32_t type, uint32_t key_size,
		     uint32_t value_size, uint32_t max_entries, uint32_t flags)
{
	char name[QUESTION_NAME_SIZE], type_name[BPF_NAME_SIZE];
	const struct answer *known;

	snprintf(name, sizeof(name), "%s:%u,%u,%u,0x%x", bpf_map_type_name(type, type_name),
		 key_size, value_size, max_entries, flags);
	known = ask_recorded(facts, ASKED_MAP, name);
	if (known)
		return known->probe;
	if (!ask_is_live(facts))
		return by_map_type(facts, type, type_name,
				   probe_map_is_ordinary(type, key_size, value_size, max_entries,
							 flags));
	return ask_note(facts, ASKED_MAP, name,
			probe_map(type, key_size, value_size, max_entries, flags));
}

struct probe ask_tracepoint(const struct facts *facts, const char *category, const char *event)
{
	char name[QUESTION_NAME_SIZE];
	const struct answer *known;
	struct probe answer;

	snprintf(name, sizeof(name), "%s/%s", category, event);
	known = ask_recorded(facts, ASKED_TRACEPOINT, name);
	if (known)
		return known->probe;
	if (!ask_is_live(facts))
		return probe_unknown(0);
	answer = tracepoint_find(inquiry_tracefs(facts->inquiry), category, event);
	/* This mode leaves tracefs empty. */
	if (answer.truth != TRUTH_YES && facts->policy.lockdown == LOCKDOWN_CONFIDENTIALITY)
		answer = probe_unknown(EPERM);
	return ask_note(facts, ASKED_TRACEPOINT, name, answer);
}

struct probe ask_tracepoint_holds(const struct facts *facts, const char *category,
				  const char *event, size_t end)
{
	char name[QUESTION_NAME_SIZE];
	const struct answer *known;

	snprintf(name, sizeof(name), "%s/%s:%zu", category, event, end);
	known = ask_recorded(facts, ASKED_TRACEPOINT, name);
	if (known)
		return known->probe;
	if (!ask_is_live(facts))
		return probe_unknown(0);
	return ask_note(facts, ASKED_TRACEPOINT, name,
			tracepoint_holds(inquiry_tracefs(facts->inquiry), category, event, end));
}

/* From the cheapest and mildest to the surest. */
static struct probe find_raw_tracepoint(struct inquiry *inquiry, const char *name)
{
	char type[QUESTION_NAME_SIZE];
	const struct kernel_btf *btf;
	int error;

	snprintf(type, sizeof(type), "btf_trace_%s", name);
	btf = inquiry_btf(inquiry, BTF_KIND_TYPEDEF, &error);
	if (btf && kernel_btf_find(btf, BTF_KIND_TYPEDEF, type))
		return probe_yes();
	if (tracepoint_find_any(inquiry_tracefs(inquiry), name).truth == TRUTH_YES)
		return probe_yes();
	return probe_raw_tracepoint(name);
}

struct probe ask_raw_tracepoint(const struct facts *facts, const char *name)
{
	const struct answer *known = ask_recorded(facts, ASKED_RAW_TRACEPOINT, name);

	if (known)
		return known->probe;
	if (!ask_is_live(facts))
		return ask_file_raw_tracepoint(facts, name);
	return ask_note(facts, ASKED_RAW_TRACEPOINT, name,
			find_raw_tracepoint(facts->inquiry, name));
}

struct probe ask_uprobe(const struct facts *facts, const char *file, const char *function)
{
	char name[QUESTION_NAME_SIZE];
	const struct answer *known;

	snprintf(name, sizeof(name), "%s:%s", file, function);
	known = ask_recorded(facts, ASKED_UPROBE, name);
	if (known)
		return known->probe;
	if (!ask_is_live(facts))
		return probe_unknown(0);
	return ask_note(facts, ASKED_UPROBE, name,
			uprobe_find(facts->inquiry->root_fd, file, function));
}

/* Copies what was answered; notes in wanted, whose places are in places, what was not. */
static size_t take_known_symbols(const struct facts *facts, struct symbol *symbols, size_t count,
				 struct symbol *wanted)
{
	size_t i, k, missing = 0;

	for (i = 0; i < count; i++) {
		const char *name = symbols[i].name;
		const struct answer *known = ask_recorded(facts, ASKED_SYMBOL, name);

		symbols[i] = known && known->symbol ? *known->symbol : (struct symbol){ .count = 0 };
		symbols[i].name = name;
		for (k = 0; !known && k < missing; k++)
			if (strcmp(wanted[k].name, name) == 0)
				break;
		if (!known && k == missing)
			wanted[missing++].name = name;
	}
	return missing;
}

int ask_symbols(const struct facts *facts, struct symbol *symbols, size_t count)
{
	struct symbol *wanted = calloc(count + 1, sizeof(*wanted));
	size_t i, missing;
	int code = 0;

	if (!wanted)
		return -ENOMEM;
	missing = take_known_symbols(facts, symbols, count, wanted);
	if (missing && ask_is_live(facts)) {
		kallsyms_find(facts->inquiry->root_fd, inquiry_tracefs(facts->inquiry),
			      inquiry_debugfs(facts->inquiry), wanted, missing);
		for (i = 0; !code && i < missing; i++)
			code = inquiry_note_symbol(facts->inquiry, &wanted[i]);
		if (!code)
			take_known_symbols(facts, symbols, count, wanted);
	}
	free(wanted);
	return code;
}
