/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <string.h>

#include "decide/blocked.h"
#include "decide/places.h"

struct place {
	const struct evidence *evidence;
	const struct facts *facts;
	const struct program_needs *program;
	const struct program_evidence *known;
};

static void say_no(struct finding *out, int error, const char *reason, const char *what)
{
	finding_set(out, ANSWER_NO, CLASS_ATTACH_TYPE, "%s%s", reason, what);
	out->error = error;
}

static bool option_is_off(const struct place *p, const char *option)
{
	return facts_option(p->facts, option).set.truth == TRUTH_NO;
}

/* Without this option the kernel has no such places at all. */
static bool lacks_option(const struct place *p, const char *option, struct finding *out)
{
	if (!option_is_off(p, option))
		return false;
	say_no(out, 0, "this kernel was built without ", option);
	finding_advise(out, "Boot a kernel with %s=y, or mark the program optional in the manifest.",
		       option);
	return true;
}

static bool is_blocked(const struct place *p, enum operation operation, struct probe probe,
		       struct finding *out)
{
	if (probe.truth == TRUTH_YES || probe.error == 0)
		return false;
	blocked_by(p->evidence, p->program, operation, probe.error, out);
	return true;
}

/* Where libbpf looks for tracefs, and for the PMUs of probes. */
static bool lacks_tracefs(const struct place *p, struct finding *out)
{
	if (p->facts->policy.tracefs_mounted.truth != TRUTH_NO)
		return false;
	say_no(out, ENOENT, "tracefs, through which it attaches, is not mounted", "");
	finding_advise(out, "Run `mount -t tracefs nodev /sys/kernel/tracing`.");
	return true;
}

static void judge_tracepoint(const struct place *p, struct finding *out)
{
	const char *target = p->program->target;

	if (lacks_option(p, "CONFIG_BPF_EVENTS", out))
		return;
	if (strncmp(target, "syscalls/", 9) == 0 && lacks_option(p, "CONFIG_FTRACE_SYSCALLS", out))
		return;
	if (lacks_tracefs(p, out))
		return;
	if (p->known->place.truth == TRUTH_NO) {
		say_no(out, ENOENT, "this kernel has no event ", target);
		finding_advise(out, "Look for its name of today among those below events/ of tracefs, or "
			       "make the program optional in the manifest.");
	} else if (p->known->holds.truth == TRUTH_NO) {
		finding_set(out, ANSWER_NO, CLASS_ATTACH_TYPE, "the program reads %zu bytes of event %s, "
			    "whose record is shorter on this kernel", p->known->context_end, target);
		out->error = EACCES;
		finding_advise(out, "Read the fields that events/%s/format of tracefs lists.", target);
	} else if (p->known->place.error == EACCES) {
		blocked_by(p->evidence, p->program, OPERATION_TRACEFS, EACCES, out);
	} else if (!is_blocked(p, OPERATION_PERF_EVENT, p->evidence->perf_event, out) &&
		   !is_blocked(p, OPERATION_TRACEFS, p->known->place, out)) {
		finding_set(out, p->known->place.truth == TRUTH_YES ? ANSWER_YES : ANSWER_UNKNOWN,
			    CLASS_NONE, "%s", "");
	}
}

static void judge_raw_tracepoint(const struct place *p, struct finding *out)
{
	if (lacks_option(p, "CONFIG_BPF_EVENTS", out))
		return;
	if (p->known->place.truth == TRUTH_NO) {
		say_no(out, ENOENT, "this kernel has no raw tracepoint ", p->program->target);
		finding_advise(out, "Look for its name of today (btf_trace_NAME in the kernel's BTF), or "
			       "make the program optional in the manifest.");
	} else if (!is_blocked(p, OPERATION_ATTACH, p->known->place, out)) {
		finding_set(out, p->known->place.truth == TRUTH_YES ? ANSWER_YES : ANSWER_UNKNOWN,
			    CLASS_NONE, "%s", "");
	}
}

/*
 * libbpf makes a probe through its PMU, else through a file of tracefs; where neither is mounted,
 * it matters little what the kernel could do.  Of a host that is judged by its files, what is not
 * there need not be missing.
 */
static bool cannot_make(const struct place *p, const struct setting *pmu, struct probe events)
{
	return pmu->known.truth != TRUTH_YES &&
	       (events.truth == TRUTH_NO || p->facts->policy.tracefs_mounted.truth == TRUTH_NO);
}

/* The function is in the kernel, under this name, and may be probed. */
static void judge_function(const struct place *p, struct finding *out)
{
	if (p->known->place.truth == TRUTH_NO) {
		say_no(out, ENOENT, "this kernel has no function ", p->program->target);
		if (p->known->near[0])
			finding_advise(out, "The compiler made of it: %s. Such a copy is not called from "
				       "everywhere; attach to a function that is not inlined.",
				       p->known->near);
		else
			finding_advise(out, "It may have been renamed or inlined here: attach to another, "
				       "or give the program an alternative in the manifest.");
	} else if (p->known->traceable.truth == TRUTH_NO) {
		say_no(out, EINVAL, "kprobes are forbidden in ", p->program->target);
		finding_advise(out, "Attach to a function that is not on the kernel's blacklist "
			       "(/sys/kernel/debug/kprobes/blacklist).");
	} else {
		finding_set(out, p->known->place.truth == TRUTH_YES ? ANSWER_YES : ANSWER_UNKNOWN,
			    CLASS_NONE, p->known->place.truth == TRUTH_YES ? "" :
			    strpbrk(p->program->target, "*?") ?
			    "which functions match is found out by attaching: --attach" :
			    "whether the function is there cannot be read from /proc/kallsyms");
	}
}

static void judge_kprobe(const struct place *p, struct finding *out)
{
	const struct policy *policy = &p->facts->policy;

	if (lacks_option(p, "CONFIG_KPROBES", out))
		return;
	if (cannot_make(p, &policy->kprobe_pmu, policy->kprobe_events)) {
		say_no(out, ENOENT, "kprobes cannot be made: there is neither "
		       "/sys/bus/event_source/devices/kprobe nor kprobe_events in tracefs", "");
		finding_advise(out, "Boot a kernel with CONFIG_KPROBES=y and CONFIG_KPROBE_EVENTS=y, or "
			       "give the program an alternative in the manifest.");
	} else if (!is_blocked(p, OPERATION_PERF_EVENT, p->evidence->perf_event, out)) {
		judge_function(p, out);
	}
}

static void judge_kprobe_multi(const struct place *p, struct finding *out)
{
	struct probe multi = p->evidence->kprobe_multi;

	if (lacks_option(p, "CONFIG_FPROBE", out))
		return;
	if (multi.truth == TRUTH_NO) {
		say_no(out, multi.error, "this kernel cannot attach one program to many functions "
		       "(kprobe.multi: 5.18, with CONFIG_FPROBE=y)", "");
		finding_advise(out, "Give the program an alternative with kprobe sections in the manifest.");
	} else if (!is_blocked(p, OPERATION_ATTACH, multi, out)) {
		judge_function(p, out);
	}
}

static void judge_uprobe(const struct place *p, struct finding *out)
{
	struct probe place = p->known->place;

	if (lacks_option(p, "CONFIG_UPROBES", out))
		return;
	if (place.truth == TRUTH_NO) {
		say_no(out, place.error, place.error == ENOENT ? "there is no file " :
		       place.error == ENOEXEC ? "it is no ELF file: " : "it has no such function: ",
		       p->program->target);
		finding_advise(out, "Install the program or library, or name it as it is here.");
	} else if (cannot_make(p, &p->facts->policy.uprobe_pmu, p->facts->policy.uprobe_events)) {
		say_no(out, ENOENT, "uprobes cannot be made: there is neither "
		       "/sys/bus/event_source/devices/uprobe nor uprobe_events in tracefs", "");
		finding_advise(out, "Mount sysfs (`mount -t sysfs sysfs /sys`), or boot a kernel with "
			       "CONFIG_UPROBE_EVENTS=y.");
	} else if (!is_blocked(p, OPERATION_PERF_EVENT, p->evidence->perf_event, out) &&
		   !is_blocked(p, OPERATION_UPROBE, p->evidence->uprobe_event, out)) {
		finding_set(out, place.truth == TRUTH_YES ? ANSWER_YES : ANSWER_UNKNOWN, CLASS_NONE,
			    "%s", "");
	}
}

/* libbpf found the place when it loaded the program. */
static void judge_loaded(const struct place *p, struct finding *out)
{
	if (p->program->attach == ATTACH_LSM && lacks_option(p, "CONFIG_BPF_LSM", out))
		return;
	if (p->known->place.truth == TRUTH_NO) {
		say_no(out, ENOENT, "the BTF of this kernel has no function for ", p->program->section);
		finding_advise(out, "Attach to a function that this kernel has, or give the program an "
			       "alternative in the manifest.");
	} else if (p->program->attach != ATTACH_ITER && p->evidence->fentry.truth == TRUTH_NO) {
		say_no(out, p->evidence->fentry.error, "this kernel cannot attach programs to its functions "
		       "by BTF (CONFIG_DYNAMIC_FTRACE_WITH_DIRECT_CALLS)", "");
		finding_advise(out, "Give the program an alternative in the manifest: a kprobe, or a raw "
			       "tracepoint.");
	} else {
		finding_set(out, ANSWER_YES, CLASS_NONE, "%s", "");
	}
}

bool place_judge(const struct evidence *evidence, const struct program_needs *program,
		 const struct program_evidence *known, struct finding *out)
{
	const struct place place = { evidence, evidence->facts, program, known };

	switch (program->attach) {
	case ATTACH_TRACEPOINT:
		judge_tracepoint(&place, out);
		break;
	case ATTACH_RAW_TRACEPOINT:
		judge_raw_tracepoint(&place, out);
		break;
	case ATTACH_KPROBE:
	case ATTACH_KSYSCALL:
		judge_kprobe(&place, out);
		break;
	case ATTACH_KPROBE_MULTI:
		judge_kprobe_multi(&place, out);
		break;
	case ATTACH_UPROBE:
	case ATTACH_USDT:
		judge_uprobe(&place, out);
		break;
	case ATTACH_FENTRY:
	case ATTACH_LSM:
	case ATTACH_ITER:
		judge_loaded(&place, out);
		break;
	case ATTACH_OTHER:
		break;
	}
	return out->answer == ANSWER_NO || out->answer == ANSWER_BLOCKED;
}

void place_blocked(const struct evidence *evidence, const struct program_needs *program, int error,
		   struct finding *out)
{
	enum operation operation = OPERATION_ATTACH;

	if (program->attach == ATTACH_UPROBE || program->attach == ATTACH_USDT)
		operation = OPERATION_UPROBE;
	if (program->attach == ATTACH_TRACEPOINT || program->attach == ATTACH_KPROBE ||
	    program->attach == ATTACH_KSYSCALL)
		operation = OPERATION_PERF_EVENT;
	blocked_by(evidence, program, operation, error, out);
}
