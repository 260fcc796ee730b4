/* SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include "decide/attach.h"

/* Starts of section names, the longer first, with what attaching such a program takes. */
static const struct {
	const char *start, *option;
	bool tracefs;
} TAKES[] = {
	{ "tp/syscalls/", "CONFIG_FTRACE_SYSCALLS", true },
	{ "tracepoint/syscalls/", "CONFIG_FTRACE_SYSCALLS", true },
	{ "tp/", "CONFIG_BPF_EVENTS", true },
	{ "tracepoint/", "CONFIG_BPF_EVENTS", true },
	{ "raw_tp", "CONFIG_BPF_EVENTS", false },
	{ "raw_tracepoint", "CONFIG_BPF_EVENTS", false },
	{ "perf_event", "CONFIG_BPF_EVENTS", false },
	{ "kprobe", "CONFIG_KPROBES", false },
	{ "kretprobe", "CONFIG_KPROBES", false },
	{ "ksyscall", "CONFIG_KPROBES", false },
	{ "kretsyscall", "CONFIG_KPROBES", false },
	{ "lsm", "CONFIG_BPF_LSM", false },
	{ "cgroup", "CONFIG_CGROUPS", false },
};

static bool option_is_off(const struct facts *facts, const char *name)
{
	size_t i;

	for (i = 0; i < FACTS_OPTIONS; i++)
		if (facts->options[i].name && strcmp(facts->options[i].name, name) == 0)
			return facts->options[i].set.truth == TRUTH_NO;
	return false;
}

static bool is_loaded(const struct plan *plan, const struct program_needs *program)
{
	bool loaded = !program->off;
	size_t i;

	for (i = 0; i < plan->program_count; i++) {
		if (strcmp(plan->programs[i].name, program->name) == 0)
			return false;
		if (plan->programs[i].replaced_by &&
		    strcmp(plan->programs[i].replaced_by, program->name) == 0)
			loaded = true;
	}
	return loaded;
}

/* Fills *obstacle and returns true when this program cannot be attached. */
static bool cannot_attach(const struct facts *facts, const struct program_needs *program,
			  struct obstacle *obstacle)
{
	const char *section = program->section + (program->section[0] == '?');
	size_t i;

	for (i = 0; i < sizeof(TAKES) / sizeof(TAKES[0]); i++) {
		if (strncmp(section, TAKES[i].start, strlen(TAKES[i].start)) != 0)
			continue;
		if (option_is_off(facts, TAKES[i].option))
			*obstacle = (struct obstacle){ program, TAKES[i].option };
		else if (TAKES[i].tracefs && facts->tracefs.truth == TRUTH_NO)
			*obstacle = (struct obstacle){ program, NULL };
		return obstacle->program != NULL;
	}
	return false;
}

struct obstacle attach_obstacle(const struct facts *facts, const struct needs *needs,
				const struct plan *plan)
{
	struct obstacle obstacle = { NULL, NULL };
	size_t i;

	for (i = 0; i < needs->program_count; i++)
		if (!needs->programs[i].optional && is_loaded(plan, &needs->programs[i]) &&
		    cannot_attach(facts, &needs->programs[i], &obstacle))
			break;
	return obstacle;
}
