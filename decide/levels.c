/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "decide/blocked.h"
#include "decide/lack.h"
#include "decide/levels.h"
#include "decide/places.h"

const char *level_name(enum level level)
{
	static const char *const NAMES[] = {
		[LEVEL_PARSES] = "parses", [LEVEL_RELOCATES] = "relocates", [LEVEL_LOADS] = "loads",
		[LEVEL_ATTACHES] = "attaches", [LEVEL_FIRES] = "fires",
	};

	return NAMES[level];
}

static void judge_parses(const struct subject_program *p, struct finding *out)
{
	if (p->needs->typed) {
		finding_set(out, ANSWER_YES, CLASS_NONE, "%s", "");
		return;
	}
	finding_set(out, ANSWER_NO, CLASS_PROGRAM_TYPE,
		    "section \"%s\" says no type of program that libbpf knows", p->needs->section);
	finding_advise(out, "Name the section as libbpf does (raw_tp/sched_switch, kprobe/do_exit, xdp "
		       "...) and compile again.");
}

static void judge_relocates(const struct subject_program *p, struct finding *out)
{
	const struct relocation_evidence *relocations = &p->known->relocations;
	const struct plan *plan = p->evidence->plan;

	if (relocations->count == 0)
		return;
	if (!p->evidence->resolved) {
		bool none = plan->status == STATUS_NEEDS_BUILD;

		finding_set(out, none ? ANSWER_NO : ANSWER_UNKNOWN, CLASS_MISSING_BTF,
			    none ? "there is no BTF to resolve its relocations with" :
			    "the kernel's BTF, with which to resolve its relocations, is not at hand");
		finding_advise(out, "%s", plan->remedy);
	} else if (relocations->refused) {
		finding_set(out, ANSWER_NO, CLASS_CORE_RELOCATION,
			    "libbpf cannot resolve %s with this kernel's BTF", relocations->first);
		finding_advise(out, "Give the access one meaning on all kernels (a flavour, ___old), or "
			       "compile another program for this one.");
	} else if (relocations->missing && p->known->load.outcome == TRIED_NO) {
		finding_set(out, ANSWER_NO, CLASS_CORE_RELOCATION,
			    "this kernel has no %s, and the program reads it", relocations->first);
		finding_advise(out, "Guard the access with bpf_core_field_exists() or "
			       "bpf_core_type_exists(), or make the program optional in the manifest.");
	} else if (relocations->missing && p->known->load.outcome != TRIED_YES) {
		finding_set(out, ANSWER_UNKNOWN, CLASS_CORE_RELOCATION,
			    "this kernel has no %s: fatal, unless a test that only the verifier sees "
			    "through keeps the program away", relocations->first);
		finding_advise(out, "Run the check as root on a host with this kernel: it loads the "
			       "program.");
	} else {
		finding_set(out, ANSWER_YES, CLASS_NONE, "%s", "");
		if (relocations->guarded || relocations->missing)
			snprintf(out->reason, sizeof(out->reason),
				 "%zu of its relocations find nothing here, and tests keep it away from "
				 "them", relocations->guarded + relocations->missing);
	}
}

/* Behind the words of the verifier, the thing that is not there. */
static void judge_refusal(const struct subject_program *p, struct finding *out)
{
	const struct attempt *attempt = &p->known->load;

	bool is_vague = attempt->class == CLASS_VERIFIER || attempt->class == CLASS_MAP_TYPE ||
			attempt->class == CLASS_ATTACH_TYPE || attempt->class == CLASS_UNKNOWN;

	if (is_vague && lack_find(p, out)) {
		out->error = attempt->error;
		return;
	}
	finding_set(out, ANSWER_NO, attempt->class, "%s", attempt->reason);
	out->error = attempt->error;
	if (attempt->class == CLASS_VERIFIER)
		finding_advise(out, "Run the check with --verbose for the verifier's last words, and give "
			       "them to the object's author.");
	else if (attempt->error == ENODATA)
		finding_advise(out, "Boot a kernel that was built with the option, or make the extern "
			       "weak in the object.");
	else if (attempt->class == CLASS_CORE_RELOCATION)
		finding_advise(out, "Guard the access with bpf_core_field_exists() or "
			       "bpf_core_type_exists(), or make the program optional in the manifest.");
	else if (attempt->class == CLASS_MISSING_BTF &&
		 strcmp(p->evidence->facts->kernel_btf_problem, "/sys: is not mounted") == 0)
		finding_advise(out, "Mount sysfs and check again: `mount -t sysfs sysfs /sys`.");
	else if (attempt->class == CLASS_MISSING_BTF)
		finding_advise(out, "Give the program an alternative in the manifest, or boot a kernel "
			       "that was built with CONFIG_DEBUG_INFO_BTF=y.");
	else
		finding_advise(out, "Run the check with --verbose for what libbpf said.");
}

static void judge_untried(const struct subject_program *p, struct finding *out)
{
	const struct evidence *evidence = p->evidence;

	if (lack_find(p, out))
		return;
	finding_set(out, ANSWER_UNKNOWN, CLASS_UNKNOWN, "it was not tried");
	if (evidence->elsewhere)
		finding_advise(out, "Run the check on a host with this kernel, as root: it loads the "
			       "programs for a trial.");
}

static void judge_loads(const struct subject_program *p, struct finding *out)
{
	const struct attempt *attempt = &p->known->load;

	switch (attempt->outcome) {
	case TRIED_YES:
		finding_set(out, ANSWER_YES, CLASS_NONE, "%s", "");
		break;
	case TRIED_NO:
		judge_refusal(p, out);
		break;
	case TRIED_BLOCKED:
		blocked_by(p->evidence, p->needs, OPERATION_LOAD, attempt->error, out);
		break;
	case TRIED_UNKNOWN:
		finding_set(out, ANSWER_UNKNOWN, CLASS_UNKNOWN, "%s", attempt->reason);
		finding_advise(out, "Run the check again; the system was out of memory or time.");
		break;
	case NOT_TRIED:
		judge_untried(p, out);
		break;
	}
}

/* libbpf attaches nothing of these by itself, and `run` knows no other way. */
static bool is_foreign(const struct program_needs *program)
{
	return program->attach == ATTACH_OTHER || !program->target[0] ||
	       (program->attach == ATTACH_UPROBE && !strchr(program->target, ':'));
}

static void judge_foreign(const struct subject_program *p, struct finding *out)
{
	if (p->evidence->given) {
		finding_set(out, ANSWER_SKIP, CLASS_NONE,
			    "the section does not say where: the object's own loader attaches it");
		return;
	}
	finding_set(out, ANSWER_NO, CLASS_ATTACH_TYPE,
		    "section \"%s\" does not say where to attach it, and `run` attaches only where a "
		    "section says so", p->needs->section);
	finding_advise(out, "Leave the program out of the object, or name a section that says where; what "
		       "attaches to interfaces and cgroups needs a loader of its own.");
}

static void judge_attempt(const struct subject_program *p, struct finding *out)
{
	const struct attempt *attempt = &p->known->attach;

	if (attempt->outcome == TRIED_YES) {
		finding_set(out, ANSWER_YES, CLASS_NONE, "%s", "");
	} else if (attempt->outcome == TRIED_BLOCKED) {
		place_blocked(p->evidence, p->needs, attempt->error, out);
	} else {
		finding_set(out, attempt->outcome == TRIED_NO ? ANSWER_NO : ANSWER_UNKNOWN,
			    CLASS_ATTACH_TYPE, "%s", attempt->reason);
		out->error = attempt->error;
		finding_advise(out, "Name a place that this kernel has, or make the program optional in "
			       "the manifest.");
	}
}

static void judge_attaches(const struct subject_program *p, struct finding *out)
{
	bool foreign = is_foreign(p->needs);

	if (!foreign && place_judge(p->evidence, p->needs, p->known, out))
		return; /* what keeps it away says more than libbpf's errno */
	if (p->known->attach.outcome != NOT_TRIED)
		judge_attempt(p, out);
	else if (foreign)
		judge_foreign(p, out);
}

static void judge_fires(const struct subject_program *p, struct finding *out)
{
	const struct policy *policy = &p->evidence->facts->policy;
	bool by_ftrace = p->needs->attach == ATTACH_FENTRY || p->needs->attach == ATTACH_KPROBE_MULTI;

	if (p->needs->attach == ATTACH_LSM && policy_lsm(policy, "bpf").truth == TRUTH_NO) {
		finding_set(out, ANSWER_NO, CLASS_POLICY,
			    "the security module `bpf` is not active (%s), so that no hook calls it",
			    policy->lsms);
		finding_advise(out, "Boot with lsm=%s,bpf on the kernel's command line.", policy->lsms);
	} else if (by_ftrace && policy->ftrace.known.truth == TRUTH_YES && policy->ftrace.value == 0) {
		finding_set(out, ANSWER_NO, CLASS_POLICY, "kernel.ftrace_enabled is 0");
		finding_advise(out, "Run `sysctl kernel.ftrace_enabled=1`.");
	} else {
		finding_set(out, ANSWER_YES, CLASS_NONE, "%s", "");
	}
}

void levels_judge(const struct evidence *evidence, size_t program, struct finding out[LEVELS])
{
	static void (*const JUDGES[LEVELS])(const struct subject_program *, struct finding *) = {
		[LEVEL_PARSES] = judge_parses, [LEVEL_RELOCATES] = judge_relocates,
		[LEVEL_LOADS] = judge_loads, [LEVEL_ATTACHES] = judge_attaches,
		[LEVEL_FIRES] = judge_fires,
	};
	const struct subject_program p = {
		.evidence = evidence,
		.needs = &evidence->needs->programs[program],
		.known = &evidence->programs[program],
	};
	bool off = plan_state(evidence->plan, p.needs) == PROGRAM_OFF;
	enum answer loads;
	size_t i;

	for (i = 0; i < LEVELS; i++)
		out[i] = (struct finding){ .answer = ANSWER_SKIP };
	for (i = 0; i < LEVELS; i++) {
		if (i > LEVEL_PARSES && off)
			break;
		JUDGES[i](&p, &out[i]);
		if (out[i].answer == ANSWER_NO || out[i].answer == ANSWER_BLOCKED)
			break;
	}
	/* What was not seen to attach fires as little as it was seen to. */
	loads = out[LEVEL_LOADS].answer;
	if (loads != ANSWER_YES || out[LEVEL_ATTACHES].answer != ANSWER_YES) {
		if (loads == ANSWER_UNKNOWN && out[LEVEL_ATTACHES].answer == ANSWER_YES)
			finding_set(&out[LEVEL_ATTACHES], ANSWER_UNKNOWN, CLASS_UNKNOWN,
				    "the place is there, and the program was not loaded");
		out[LEVEL_FIRES] = (struct finding){ .answer = ANSWER_SKIP };
	}
}
