/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "decide/attach.h"

#include "checker/verdict.h"

static void set_verdict(struct report *report, enum verdict verdict, const char *reason,
			const char *remedy)
{
	static const enum exit_status codes[] = {
		[WILL_RUN] = STATUS_DONE, [WILL_NOT_RUN] = STATUS_NO,
		[NEEDS_BUILD] = STATUS_NEEDS_BUILD, [NOT_KNOWN] = STATUS_BLOCKED,
	};

	report->verdict = verdict;
	report->status = codes[verdict];
	snprintf(report->reason, sizeof(report->reason), "%s", reason);
	snprintf(report->remedy, sizeof(report->remedy), "%s", remedy);
}

/* What to do about a trial that did not come to a yes. */
static const char *remedy_of_trial(const struct report *report)
{
	if (report->facts.cap_bpf.truth != TRUTH_YES)
		return "Run this check as root.";
	/* libbpf finds perf's PMUs and a tracepoint's number there; without, it blames the map. */
	if (strcmp(report->facts.kernel_btf_problem, "/sys: is not mounted") == 0)
		return "Mount sysfs and check again: `mount -t sysfs sysfs /sys`.";
	if (report->facts.ringbuf.truth == TRUTH_NO && report->needs.ringbuf &&
	    !report->needs.perf_buffer)
		return "This kernel has no ring buffer: the object must have a perf buffer beside it.";
	if (report->trial.error == ENODATA)
		return "Boot a kernel that was built with the option, or make the extern weak in the "
		       "object.";
	if (report->trial.outcome == TRIAL_BLOCKED)
		return "Allow bpf(2) and perf_event_open(2) where the policy is made: the container's "
		       "profile and capabilities (BPF, PERFMON), or the security module.";
	if (report->trial.outcome == TRIAL_NO && report->facts.lockdown.truth == TRUTH_YES)
		return "Lockdown is in confidentiality mode, which keeps programs from reading kernel "
		       "memory: boot with lockdown=integrity (Secure Boot can stay on).";
	if (report->trial.outcome == TRIAL_NO)
		return "Run the check with --verbose for the verifier's last words, and give them to the "
		       "object's author.";
	return "Run the check again; the system was out of memory or time.";
}

/* The BTF that would be used describes another kernel. */
static void conclude_wrong_btf(struct report *report)
{
	const char *release = report->facts.release;
	char remedy[1024];

	switch (report->plan.btf) {
	case BTF_GIVEN:
		snprintf(remedy, sizeof(remedy), "Name the BTF of this very kernel (%s), or none: %.500s "
			 "is another one's.", release, report->btf_path);
		break;
	case BTF_STORED:
		snprintf(remedy, sizeof(remedy), "Pack the BTF of this very build of %s, or name it: "
			 "BTFERRY_BTF_FILE=FILE.", release);
		break;
	default:
		snprintf(remedy, sizeof(remedy), "Put this kernel's own in the place of %.500s, or name "
			 "it: BTFERRY_BTF_FILE=FILE.", report->btf_path);
		break;
	}
	set_verdict(report, WILL_NOT_RUN, report->trial.canary_reason, remedy);
}

/* It loads: will it attach as well? */
static void conclude_attach(struct report *report)
{
	const struct obstacle obstacle = attach_obstacle(&report->facts, &report->needs, &report->plan);
	char reason[512], remedy[256];

	if (!obstacle.program) {
		set_verdict(report, WILL_RUN, report->plan.reason, "");
		return;
	}
	snprintf(reason, sizeof(reason), "Program %.100s (%.100s) loads, but cannot be attached: %s%s.",
		 obstacle.program->name, obstacle.program->section,
		 obstacle.option ? "this kernel was built without " : "tracefs is not mounted",
		 obstacle.option ? obstacle.option : "");
	if (obstacle.option)
		snprintf(remedy, sizeof(remedy), "Boot a kernel with %s=y, or mark the program optional "
			 "in the manifest.", obstacle.option);
	else
		snprintf(remedy, sizeof(remedy), "Run `mount -t tracefs nodev /sys/kernel/tracing`.");
	set_verdict(report, WILL_NOT_RUN, reason, remedy);
}

void verdict_conclude(struct report *report)
{
	const struct trial *trial = &report->trial;

	if (report->facts.bpf_syscall.error == ENOSYS)
		set_verdict(report, WILL_NOT_RUN, "This kernel has no bpf(2).",
			    "Boot a kernel that was built with CONFIG_BPF_SYSCALL=y.");
	else if (report->plan.status == STATUS_NO)
		set_verdict(report, WILL_NOT_RUN, report->plan.reason, report->plan.remedy);
	else if (report->plan.status == STATUS_NEEDS_BUILD)
		set_verdict(report, NEEDS_BUILD, report->plan.reason, report->plan.remedy);
	else if (report->plan.status != STATUS_DONE)
		set_verdict(report, NOT_KNOWN, report->plan.reason, report->plan.remedy);
	else if (trial->canary_outcome == CANARY_DISAGREES)
		conclude_wrong_btf(report);
	else if (trial->outcome == TRIAL_YES)
		conclude_attach(report);
	else
		set_verdict(report, trial->outcome == TRIAL_NO ? WILL_NOT_RUN : NOT_KNOWN,
			    trial->reason, remedy_of_trial(report));
}
