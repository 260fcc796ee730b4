/* SPDX-License-Identifier: BSD-2-Clause */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "decide/blocked.h"
#include "decide/remedy.h"

#include "checker/verdict.h"

static void set_verdict(struct report *report, enum verdict verdict, const char *reason,
			const char *remedy)
{
	static const enum exit_status codes[] = {
		[WILL_RUN] = STATUS_DONE, [WILL_NOT_RUN] = STATUS_NO,
		[NEEDS_BUILD] = STATUS_NEEDS_BUILD, [NOT_KNOWN] = STATUS_BLOCKED,
		[UNTRIED] = STATUS_BLOCKED,
	};

	report->verdict = verdict;
	report->status = codes[verdict];
	snprintf(report->reason, sizeof(report->reason), "%s", reason);
	snprintf(report->remedy, sizeof(report->remedy), "%s", remedy);
}

/* The BTF that would be used describes another kernel. */
static void conclude_wrong_btf(struct report *report)
{
	char remedy[1024];

	if (report->is_built)
		remedy_wrong_build(report->app, remedy, sizeof(remedy));
	else
		remedy_wrong_btf(report->plan.btf, report->btf_path, report->facts.release, remedy,
				 sizeof(remedy));
	set_verdict(report, WILL_NOT_RUN, report->trial.canary_reason, remedy);
}

/* What stands out among the levels of the programs that must run. */
struct strongest {
	const struct finding *finding;   /* NULL: all is well */
	size_t program;
	enum level level;
};

static struct strongest find_strongest(const struct report *report)
{
	struct strongest found = { .finding = NULL };
	size_t i, k;

	for (i = 0; i < report->needs.program_count; i++) {
		if (!evidence_wants(&report->evidence, i))
			continue;
		for (k = 0; k < LEVELS; k++) {
			const struct finding *finding = &report->levels[i][k];

			if (finding->answer > (found.finding ? found.finding->answer : ANSWER_YES))
				found = (struct strongest){ finding, i, (enum level)k };
		}
	}
	return found;
}

/* All programs that must run have the same to say at this level. */
static bool is_common(const struct report *report, const struct strongest *found)
{
	size_t i;

	for (i = 0; i < report->needs.program_count; i++)
		if (evidence_wants(&report->evidence, i) &&
		    strcmp(report->levels[i][found->level].reason, found->finding->reason) != 0)
			return false;
	return true;
}

static void conclude_finding(struct report *report, const struct strongest *found)
{
	static const char *const VERBS[LEVELS] = {
		[LEVEL_LOADS] = "", [LEVEL_ATTACHES] = "cannot be attached: ",
		[LEVEL_FIRES] = "would never fire: ",
	};
	const struct program_needs *program = &report->needs.programs[found->program];
	const struct finding *finding = found->finding;
	enum verdict verdict = finding->answer == ANSWER_NO ? WILL_NOT_RUN : NOT_KNOWN;
	const char *verb = VERBS[found->level] ? VERBS[found->level] : "";
	char text[sizeof(report->reason)];

	if (finding->answer == ANSWER_BLOCKED && is_common(report, found))
		snprintf(text, sizeof(text), "%s.", finding->reason);
	else
		snprintf(text, sizeof(text), "Program %.100s (%.100s)%s %s%s.", program->name,
			 program->section, *verb ? "" : ":",
			 finding->answer == ANSWER_NO ? verb : *verb ? "may not attach: " : "",
			 finding->reason);
	text[0] = (char)toupper((unsigned char)text[0]);
	set_verdict(report, verdict, text, finding->remedy);
	report->class = finding->class;
}

/* The object as a whole: what no program alone is to blame for. */
static void conclude_whole(struct report *report)
{
	const struct trial *trial = &report->trial;
	struct finding finding = { .answer = ANSWER_UNKNOWN };
	char text[sizeof(report->reason)];

	if (trial->outcome == TRIAL_BLOCKED) {
		blocked_by(&report->evidence, NULL, OPERATION_LOAD, trial->error, &finding);
		snprintf(text, sizeof(text), "%s%s.",
			 trial->canary_outcome == CANARY_FAILED ? "The canary cannot be run: " : "",
			 finding.reason);
		text[0] = (char)toupper((unsigned char)text[0]);
		set_verdict(report, NOT_KNOWN, text, finding.remedy);
		report->class = finding.class;
		return;
	}
	report->class = trial->class ? trial->class : CLASS_UNKNOWN;
	if (trial->outcome != TRIAL_NO)
		set_verdict(report, NOT_KNOWN, trial->reason,
			    "Run the check again; the system was out of memory or time.");
	else if (trial->error == ENODATA)
		set_verdict(report, WILL_NOT_RUN, trial->reason, "Boot a kernel that was built with the "
			    "option, or make the extern weak in the object.");
	else if (report->facts.ringbuf.truth == TRUTH_NO && report->needs.ringbuf &&
		 report->events == EVENTS_NONE)
		set_verdict(report, WILL_NOT_RUN, trial->reason, "This kernel has no ring buffer: the object "
			    "must have a perf buffer beside it.");
	else
		set_verdict(report, WILL_NOT_RUN, trial->reason, "Run the check with --verbose for what "
			    "libbpf and the verifier said, and give it to the object's author.");
}

/* Nothing can be tried: the kernel is not here. */
static void conclude_untried(struct report *report, const struct strongest *found)
{
	const char *release = report->facts.release;
	char text[sizeof(report->reason)];

	if (report->needs.relocations && !report->answers.states) {
		snprintf(text, sizeof(text), "Whether %s has what the object's relocations ask for is not "
			 "known: its BTF is not at hand.", release);
		set_verdict(report, NOT_KNOWN, text, "Name that kernel's BTF (--btf FILE; `btfpack import` "
			    "takes it out of a vmlinuz), or run the check there.");
		report->class = CLASS_MISSING_BTF;
		return;
	}
	if (found->finding && (found->finding->answer >= ANSWER_BLOCKED ||
			       found->finding->class == CLASS_CORE_RELOCATION)) {
		conclude_finding(report, found);
		return;
	}
	snprintf(text, sizeof(text), "%.500s %.400s", report->plan.reason, report->trial.reason);
	set_verdict(report, UNTRIED, text, "Run the check on a host with this kernel, as root: it loads "
		    "the programs for a trial.");
	report->class = CLASS_UNKNOWN;
}

static void conclude_plan(struct report *report)
{
	enum verdict verdict = report->plan.status == STATUS_NO ? WILL_NOT_RUN :
			       report->plan.status == STATUS_NEEDS_BUILD ? NEEDS_BUILD : NOT_KNOWN;

	set_verdict(report, verdict, report->plan.reason, report->plan.remedy);
	report->class = CLASS_MISSING_BTF;
}

void verdict_conclude(struct report *report)
{
	const struct strongest found = find_strongest(report);
	const struct finding *bpf = &report->items[ITEM_BPF];
	char text[sizeof(report->reason)];

	if (report->plan.status != STATUS_DONE) {
		conclude_plan(report);
	} else if (report->trial.canary_outcome == CANARY_DISAGREES) {
		conclude_wrong_btf(report);
		report->class = CLASS_MISSING_BTF;
	} else if (bpf->answer == ANSWER_NO) {
		snprintf(text, sizeof(text), "%s.", bpf->reason);
		text[0] = (char)toupper((unsigned char)text[0]);
		set_verdict(report, WILL_NOT_RUN, text, bpf->remedy);
		report->class = bpf->class;
	} else if (report->untried) {
		conclude_untried(report, &found);
	} else if (found.finding && found.finding->answer == ANSWER_NO) {
		conclude_finding(report, &found);
	} else if (report->trial.outcome != TRIAL_YES &&
		   !(found.finding && found.finding->answer == ANSWER_BLOCKED &&
		     report->trial.outcome == TRIAL_BLOCKED)) {
		conclude_whole(report);
	} else if (found.finding) {
		conclude_finding(report, &found);
	} else {
		set_verdict(report, WILL_RUN, report->plan.reason, "");
		report->class = CLASS_NONE;
	}
}
