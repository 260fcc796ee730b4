/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "decide/decide.h"
#include "decide/select.h"

#include "btfpack/fleet_saying.h"

void fleet_say(struct fleet_saying *saying, enum fleet_group group, const char *format, ...)
{
	va_list arguments;

	saying->group = group;
	va_start(arguments, format);
	vsnprintf(saying->reason, sizeof(saying->reason), format, arguments);
	va_end(arguments);
}

void fleet_advise(struct fleet_saying *saying, const char *what, const char *format, ...)
{
	size_t i = saying->command_count++;
	va_list arguments;

	snprintf(saying->what[i], sizeof(saying->what[i]), "%s", what);
	va_start(arguments, format);
	vsnprintf(saying->command[i], sizeof(saying->command[i]), format, arguments);
	va_end(arguments);
}

static void advise_facts(const struct fleet_judging *judging, struct fleet_saying *saying)
{
	fleet_advise(saying, "take the facts of a host, and judge again with them",
		     "ssh HOST sudo %s check --facts >HOST.json && btfpack coverage ... --inventory HOST.json",
		     judging->app);
}

static void advise_build(const struct fleet_judging *judging, const struct facts *facts,
			 struct fleet_saying *saying)
{
	fleet_advise(saying, "build on one of the hosts, which needs the kernel's headers",
		     "%s build --kernel %s", judging->app, facts->release);
	fleet_advise(saying, "where that lacks something: what to type on this distribution",
		     "%s build --print --kernel %s", judging->app, facts->release);
	fleet_advise(saying, "or pack it for all of them, from the kernel's package or debug information",
		     "btfpack import -o ARCHIVE PACKAGE && btfpack build -a ARCHIVE -o %s.run MANIFEST",
		     judging->app);
}

/* The first program that fails for want of a field. */
static void say_fails(const struct fleet_judging *judging, const struct coverage_outcome *outcome,
		      struct fleet_saying *saying)
{
	const struct coverage_subject *subject = judging->coverage->subject;
	char field[512];
	size_t i, k;

	for (i = 0; i < outcome->count; i++) {
		const struct coverage_program *program = &outcome->programs[i];

		if (program->state != COVERAGE_FAILS || program->role != ROLE_REQUIRED)
			continue;
		for (k = 0; !coverage_is_failure(&program->findings[k]); k++)
			;
		fleet_say(saying, FLEET_BLOCKED, "program %s: %s: %s",
			  coverage_program_name(subject, program),
			  reloset_describe(subject->set, program->findings[k].question, field, sizeof(field)),
			  program->findings[k].result == RESULT_REFUSED ?
			  "ambiguous or impossible: libbpf refuses the object" : "not in this kernel");
		fleet_advise(saying, "guard the access with bpf_core_field_exists(), or mark the program "
			     "optional in the manifest; all such fields", "btfpack coverage -v -a ARCHIVE MANIFEST");
		return;
	}
}

static const struct coverage_outcome *outcome_of(const struct fleet_judging *judging, size_t kernel)
{
	size_t outcome = kernel == COVERAGE_NONE ? COVERAGE_NONE : judging->coverage->kernels[kernel];

	return outcome == COVERAGE_NONE ? NULL : &judging->coverage->outcomes[outcome];
}

/* decide/ said that it goes ahead with this BTF. */
static void say_ready(const struct fleet_judging *judging, const struct facts *facts,
		      const struct plan *plan, const struct coverage_outcome *outcome,
		      struct fleet_saying *saying)
{
	if (plan->btf == BTF_NONE)
		fleet_say(saying, FLEET_NO_BTF_NEEDED, "the object asks nothing of the kernel's BTF");
	else if (outcome && outcome->state == COVERAGE_FAILS)
		say_fails(judging, outcome, saying);
	else if (plan->btf == BTF_STORED)
		fleet_say(saying, FLEET_SHIPPED_BTF, "%s", facts->kernel_has_btf.truth == TRUTH_NO ?
			  "the kernel exposes no BTF, and one is shipped for it" :
			  "one is shipped for it, should the kernel expose none");
	else if (outcome)
		fleet_say(saying, FLEET_KERNEL_BTF, "the kernel exposes its BTF, and the relocations resolve");
	else
		fleet_say(saying, FLEET_KERNEL_BTF, "the kernel exposes its BTF; it is in no archive, so whether "
			  "the relocations resolve was not looked at");
}

/* What came of loading this very object when the facts were taken. */
static const json_t *find_trial(const struct inventory_host *host,
				const struct coverage_object *object)
{
	const json_t *record = json_object_get(host->document, "object");
	const char *sha256 = json_string_value(json_object_get(record, "sha256"));
	char hex[DIGEST_HEX_SIZE];

	return sha256 && strcmp(sha256, digest_hex(&object->sha256, hex)) == 0 ?
	       json_object_get(record, "trial") : NULL;
}

static bool attempt_failed(const json_t *attempt)
{
	const char *outcome = json_string_value(json_object_get(attempt, "outcome"));

	return outcome && (strcmp(outcome, "no") == 0 || strcmp(outcome, "blocked") == 0);
}

/*
 * Only programs failed that the manifest can do without.  A trial of the bare object, which knows
 * no manifest, calls that a no.
 */
static bool can_do_without(const struct needs *needs, const json_t *trial)
{
	const json_t *programs = json_object_get(trial, "programs");
	size_t failed = 0, i;

	for (i = 0; i < needs->program_count; i++) {
		const struct program_needs *p = &needs->programs[i];
		const json_t *program = json_array_get(programs, i);

		if (!attempt_failed(json_object_get(program, "load")) &&
		    !attempt_failed(json_object_get(program, "attach")))
			continue;
		if (!p->optional && !p->alternative && !p->is_alternative && !p->off)
			return false;
		failed++;
	}
	return failed > 0;
}

/* The trial says more than what can be told from here. */
static void weigh_trial(const struct needs *needs, const json_t *trial, struct fleet_saying *saying)
{
	const json_t *canary = json_object_get(trial, "canary");
	const char *outcome = json_string_value(json_object_get(trial, "outcome"));
	const char *match = json_string_value(json_object_get(canary, "outcome"));
	const char *reason = json_string_value(json_object_get(trial, "reason"));
	bool is_ready = saying->group < FLEET_NEEDS_BUILD;

	if (!outcome || !is_ready)
		return;
	if (match && strcmp(match, "mismatch") == 0)
		fleet_say(saying, FLEET_BLOCKED, "tried: the BTF is another kernel's: %s",
			  json_string_value(json_object_get(canary, "reason")));
	else if ((strcmp(outcome, "no") == 0 || strcmp(outcome, "blocked") == 0) &&
		 !can_do_without(needs, trial))
		fleet_say(saying, FLEET_BLOCKED, "tried: %s", reason && *reason ? reason : outcome);
	else if (strcmp(outcome, "yes") == 0)
		fleet_say(saying, saying->group, "tried: it loads and attaches");
	if (saying->group == FLEET_BLOCKED)
		fleet_advise(saying, "see all that stands in its way", "btferry check --from FACTS.json "
			     "--object OBJECT.bpf.o");
}

static void say_ambiguous(const struct fleet_judging *judging, const struct facts *facts,
			  const struct selection *selection, struct fleet_saying *saying)
{
	fleet_say(saying, FLEET_UNKNOWN, "%zu BTFs of %s %s are packed that differ, and neither the build "
		  "nor the distribution (%s %s) tells which is this kernel's", selection->count, facts->arch,
		  facts->release, facts->os.id[0] ? facts->os.id : "not named", facts->os.version_id);
	advise_facts(judging, saying);
}

/* What decide/ made of it, in the fleet's words. */
static void say_plan(const struct fleet_judging *judging, const struct facts *facts,
		     const struct plan *plan, const struct coverage_outcome *outcome,
		     struct fleet_saying *saying)
{
	switch (plan->status) {
	case STATUS_DONE:
		say_ready(judging, facts, plan, outcome, saying);
		break;
	case STATUS_NEEDS_BUILD:
		fleet_say(saying, FLEET_NEEDS_BUILD, "%s", plan->reason);
		advise_build(judging, facts, saying);
		break;
	case STATUS_NO:
		fleet_say(saying, FLEET_BLOCKED, "%.400s %.600s", plan->reason, plan->remedy);
		break;
	default:
		fleet_say(saying, FLEET_UNKNOWN, "%s", plan->reason);
		advise_facts(judging, saying);
		fleet_advise(saying, "or ask only whether it exposes BTF, for the inventory's column btf",
			     "ssh HOST test -r /sys/kernel/btf/vmlinux && echo yes || echo no");
		break;
	}
}

int fleet_judge_object(const struct fleet_judging *judging, const struct coverage_object *object,
			const struct inventory_host *host, size_t *kernel, struct fleet_saying *saying,
			struct error *err)
{
	const struct facts *facts = host->facts;
	const struct selection selection = select_btf(judging->shipped, facts->arch, facts->release,
						      facts->build, &facts->os);
	const struct situation situation = {
		.app = judging->app,
		.facts = facts,
		.needs = &object->needs,
		.stored = selection.state == SELECTED ? STORED_ONE : STORED_NONE,
	};
	struct plan plan;
	int code;

	if (selection.state == SELECTED)
		*kernel = judging->kernels[selection.kernel];
	code = decide(&situation, &plan, err);
	if (code)
		return code;
	if (selection.state == AMBIGUOUS && plan.status != STATUS_DONE)
		say_ambiguous(judging, facts, &selection, saying);
	else
		say_plan(judging, facts, &plan, outcome_of(judging, *kernel), saying);
	weigh_trial(&object->needs, find_trial(host, object), saying);
	plan_free(&plan);
	return 0;
}
