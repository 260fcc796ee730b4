/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "decide/decide.h"
#include "decide/remedy.h"

const char *decision_name(enum decision decision)
{
	static const char *const names[] = {
		[DECIDE_NO_BTF_NEEDED] = "0",
		[DECIDE_GIVEN_WITH_BTF] = "1",
		[DECIDE_GIVEN_STORED] = "2a",
		[DECIDE_GIVEN_UNCOVERED] = "2b",
		[DECIDE_GIVEN_BUILT] = "2c",
		[DECIDE_BTF] = "3",
		[DECIDE_STORED] = "4",
		[DECIDE_BUILT_HERE] = "5",
		[DECIDE_NOTHING] = "5",
	};

	return names[decision];
}

/* The table of docs/decision.md, from top to bottom. */
/* Where an object was compiled here, what needs no BTF is that one. */
static enum decision without_btf(const struct situation *s)
{
	return s->built_here && !s->given_object ? DECIDE_BUILT_HERE : DECIDE_NO_BTF_NEEDED;
}

static enum decision choose_row(const struct situation *s)
{
	bool has_btf = s->given_btf || s->facts->btf_source.truth == TRUTH_YES;
	bool stored = s->stored == STORED_ONE;

	if (!s->needs->relocations && !needs_kernel_btf(s->needs))
		return without_btf(s);
	if (s->given_object) {
		if (has_btf)
			return DECIDE_GIVEN_WITH_BTF;
		if (!s->needs->relocations)
			return DECIDE_GIVEN_BUILT;
		return stored && s->stored_covers ? DECIDE_GIVEN_STORED : DECIDE_GIVEN_UNCOVERED;
	}
	if (has_btf)
		return DECIDE_BTF;
	/* It needed the kernel's own BTF for some programs only, and those are dealt with below. */
	if (!s->needs->relocations)
		return without_btf(s);
	if (stored)
		return DECIDE_STORED;
	return s->built_here ? DECIDE_BUILT_HERE : DECIDE_NOTHING;
}

/* Which object and which BTF go with each row. */
static void fill_row(const struct situation *s, struct plan *plan)
{
	enum plan_object object = s->given_object ? OBJECT_GIVEN : OBJECT_INSTALLED;

	plan->object = object;
	plan->btf = BTF_NONE;
	switch (plan->decision) {
	case DECIDE_NO_BTF_NEEDED:
	case DECIDE_GIVEN_BUILT:
		break;
	case DECIDE_GIVEN_WITH_BTF:
	case DECIDE_BTF:
		plan->btf = s->given_btf ? BTF_GIVEN : BTF_KERNEL;
		break;
	case DECIDE_GIVEN_STORED:
	case DECIDE_STORED:
		plan->btf = BTF_STORED;
		break;
	case DECIDE_BUILT_HERE:
		plan->object = OBJECT_BUILT_HERE;
		break;
	case DECIDE_GIVEN_UNCOVERED:
	case DECIDE_NOTHING:
		plan->object = OBJECT_NONE;
		plan->status = STATUS_NEEDS_BUILD;
		break;
	}
}

/* A kernel that is not here may have BTF that nothing told of; what was looked at has a problem. */
static bool may_expose_btf(const struct facts *facts)
{
	return !facts_are_live(facts) && facts->kernel_has_btf.truth == TRUTH_UNKNOWN &&
	       !facts->kernel_btf_problem[0];
}

/* "this kernel exposes no BTF", in as many words as are true. */
static void say_missing(const struct facts *facts, char *text, size_t size)
{
	if (facts->kernel_btf_problem[0])
		snprintf(text, size, "the BTF of this kernel cannot be used (%s)",
			 facts->kernel_btf_problem);
	else if (may_expose_btf(facts))
		snprintf(text, size, "it is not known whether this kernel exposes BTF");
	else if (facts->btf_source.error == ESTALE)
		snprintf(text, size, "this kernel exposes no BTF, and %s is of another build of it",
			 facts->btf_source_path);
	else
		snprintf(text, size, "this kernel exposes no BTF");
}

static void explain(const struct situation *s, struct plan *plan)
{
	const struct facts *facts = s->facts;
	const char *btf = s->given_btf ? s->given_btf : facts->btf_source_path;
	char *text = plan->reason, missing[400];
	size_t size = sizeof(plan->reason);

	say_missing(facts, missing, sizeof(missing));
	switch (plan->decision) {
	case DECIDE_NO_BTF_NEEDED:
		snprintf(text, size, "The object asks nothing of the kernel's BTF: it loads without.");
		break;
	case DECIDE_GIVEN_WITH_BTF:
		snprintf(text, size, "The given object %.160s is relocated with %.160s.",
			 s->given_object, btf);
		break;
	case DECIDE_GIVEN_STORED:
		snprintf(text, size, "%s; the given object %.100s is relocated with the reduced BTF "
			 "stored for %s, which covers it.", missing, s->given_object, facts->release);
		break;
	case DECIDE_GIVEN_UNCOVERED:
		snprintf(text, size, "The given object %.100s has relocations, %s, and no stored BTF "
			 "covers them.", s->given_object, missing);
		break;
	case DECIDE_GIVEN_BUILT:
		snprintf(text, size, "The given object %.160s has no relocations: it is taken as "
			 "compiled for this kernel.", s->given_object);
		break;
	case DECIDE_BTF:
		snprintf(text, size, "The object is relocated with %.300s.", btf);
		break;
	case DECIDE_STORED:
		if (s->neighbours) {
			snprintf(text, size, "%s, and none is stored for %s %s; but %.300s, which takes its "
				 "place.", missing, facts->arch, facts->release, s->neighbours);
			break;
		}
		snprintf(text, size, "%s; the reduced BTF %s %s takes its place.", missing,
			 s->stored_is_built ? "that was made here for" : "stored for", facts->release);
		break;
	case DECIDE_BUILT_HERE:
		snprintf(text, size, "%s; %.100s, compiled for this kernel, is loaded instead.", missing,
			 s->built_here);
		break;
	case DECIDE_NOTHING:
		snprintf(text, size, "%s, and none is stored for %s %s.", missing, facts->arch,
			 facts->release);
		break;
	}
	if (text[0] >= 'a' && text[0] <= 'z')
		text[0] = (char)(text[0] - 'a' + 'A');
}

/* libbpf looks into /sys and finds none, whatever the kernel has. */
static bool is_unmounted(const struct facts *facts)
{
	return facts->kernel_has_btf.truth == TRUTH_UNKNOWN &&
	       facts->kernel_has_btf.error == ENOENT && facts->scope == FACTS_RUNNING;
}

/* Exit 3: what stands in the way, and the way out. */
static void advise_build(const struct situation *s, struct plan *plan)
{
	const struct facts *facts = s->facts;
	char missing[400];

	if (s->stored == STORED_STALE) {
		snprintf(plan->reason, sizeof(plan->reason),
			 "The BTF installed for %s belongs to another build of that release than the one "
			 "that runs (%s).", facts->release, facts->build);
		snprintf(plan->remedy, sizeof(plan->remedy),
			 "Run `%s install`: it looks for the BTF of this build.", s->app);
	} else if (s->stored == STORED_AT_HAND && plan->decision == DECIDE_NOTHING) {
		say_missing(facts, missing, sizeof(missing));
		snprintf(plan->reason, sizeof(plan->reason),
			 "It was installed to use the BTF that kernel %s exposed, and now %s.",
			 facts->release, missing);
		snprintf(plan->remedy, sizeof(plan->remedy),
			 "%sun `%s install`: the packed BTF takes its place.",
			 is_unmounted(facts) ? "Mount sysfs: `mount -t sysfs sysfs /sys`; or r" : "R",
			 s->app);
	} else if (s->stored == STORED_AMBIGUOUS) {
		snprintf(plan->reason, sizeof(plan->reason),
			 "Several different BTFs are stored for %s %s, and neither the build (%s) nor the "
			 "distribution (%s %s) tells them apart.", facts->arch, facts->release,
			 facts->build, facts->os.id, facts->os.version_id);
		snprintf(plan->remedy, sizeof(plan->remedy),
			 "Candidates: %.500s. Unpack them with `%s extract` and name the one that is this "
			 "kernel's: BTFERRY_BTF_FILE=FILE.", s->candidates ? s->candidates : "not named",
			 s->app);
	} else if (plan->decision == DECIDE_GIVEN_UNCOVERED) {
		snprintf(plan->remedy, sizeof(plan->remedy),
			 "Name BTF of exactly this kernel with BTFERRY_BTF_FILE=FILE; or add the object to "
			 "the manifest (`also` in [object]), pack again with `btfpack build`, and run `%s "
			 "install`.", s->app);
	} else {
		remedy_no_btf(facts, s->app, plan->remedy, sizeof(plan->remedy));
	}
}

static void advise_to_say(const struct situation *s, struct plan *plan)
{
	plan->status = STATUS_BLOCKED;
	snprintf(plan->remedy, sizeof(plan->remedy),
		 "Name the configuration of %s (--config), which says whether it exposes BTF, or its "
		 "BTF (--btf).",
		 s->facts->release[0] ? s->facts->release : "the kernel");
}

/* The program that takes the place of one that cannot run; NULL when nothing does. */
static const struct program_needs *find_stand_in(const struct needs *needs,
						 const struct program_needs *program)
{
	size_t steps;

	/* An alternative may have one itself; counting steps ends a circle of them. */
	for (steps = 0; steps < needs->program_count && program->alternative; steps++) {
		program = needs_program(needs, program->alternative);
		if (!program)
			break;
		if (!program->kernel_btf)
			return program;
	}
	return NULL;
}

static bool stands_in(const struct plan *plan, const char *name)
{
	size_t i;

	for (i = 0; i < plan->program_count; i++)
		if (plan->programs[i].replaced_by && strcmp(plan->programs[i].replaced_by, name) == 0)
			return true;
	return false;
}

/*
 * Whether the kernel's own BTF is there for a program.  The verifier has it also where something
 * hides it from us, as some containers do.
 */
static bool has_own_btf(const struct facts *facts, const struct program_needs *program)
{
	return facts->kernel_has_btf.truth == TRUTH_YES ||
	       (program->kernel_btf_inside &&
		facts_option(facts, "CONFIG_DEBUG_INFO_BTF").set.truth == TRUTH_YES);
}

/*
 * Switches off what cannot run without the kernel's own BTF, then the alternatives that nothing is
 * replaced by.  Gives the first program that must run and cannot, or NULL.
 */
static const struct program_needs *switch_programs(const struct situation *s, struct plan *plan)
{
	const struct needs *needs = s->needs;
	const struct program_needs *stuck = NULL, *stand_in;
	size_t i;

	for (i = 0; i < needs->program_count; i++) {
		const struct program_needs *program = &needs->programs[i];

		if (!program->kernel_btf || has_own_btf(s->facts, program))
			continue;
		stand_in = find_stand_in(needs, program);
		/* Whatever it stands in for was asked itself, unless they go round in a circle. */
		if (program->is_alternative && (stand_in || !program->alternative))
			continue;
		if (stand_in)
			plan_switch_off(plan, program->name, stand_in->name, program->kernel_btf);
		else if (program->optional)
			plan_switch_off(plan, program->name, NULL, program->kernel_btf);
		else if (!program->off && !stuck)
			stuck = program;
	}
	for (i = 0; i < needs->program_count; i++)
		if (needs->programs[i].is_alternative && !stands_in(plan, needs->programs[i].name))
			plan_switch_off(plan, needs->programs[i].name, NULL, PLAN_NOT_NEEDED);
	return stuck;
}

/* A program, or the whole object, needs what neither this kernel nor any stored BTF can give. */
static void refuse(const struct situation *s, const struct program_needs *stuck, struct plan *plan)
{
	const struct facts *facts = s->facts;
	bool unmounted = is_unmounted(facts);
	bool unknown = facts->kernel_has_btf.truth == TRUTH_UNKNOWN && !unmounted;
	char missing[400];

	/* Switching the program off would not help: libbpf asks for the whole object. */
	if (s->needs->kernel_btf)
		stuck = NULL;
	say_missing(facts, missing, sizeof(missing));
	plan->status = unknown ? STATUS_BLOCKED : STATUS_NO;
	if (stuck)
		snprintf(plan->reason, sizeof(plan->reason),
			 "Program %.100s needs the kernel's own BTF (%s), and %s; no other BTF can serve "
			 "it.", stuck->name, stuck->kernel_btf, missing);
	else
		snprintf(plan->reason, sizeof(plan->reason),
			 "The object needs the kernel's own BTF (%s: %.100s), and %s; no other BTF can serve "
			 "it.", s->needs->kernel_btf, s->needs->kernel_btf_name, missing);
	if (may_expose_btf(facts))
		advise_to_say(s, plan);
	else if (unmounted)
		snprintf(plan->remedy, sizeof(plan->remedy),
			 "Mount sysfs and try again: `mount -t sysfs sysfs /sys`.");
	else if (unknown)
		snprintf(plan->remedy, sizeof(plan->remedy),
			 "Run it where /sys/kernel/btf/vmlinux can be read: as root, with /sys mounted.");
	else if (stuck)
		snprintf(plan->remedy, sizeof(plan->remedy),
			 "Give the program an `alternative`, or `optional = yes`, in section [program %s] "
			 "of the manifest, pack again with `btfpack build`, and run `%s install`; or boot a "
			 "kernel that was built with CONFIG_DEBUG_INFO_BTF=y.", stuck->name, s->app);
	else
		snprintf(plan->remedy, sizeof(plan->remedy),
			 "Boot a kernel that was built with CONFIG_DEBUG_INFO_BTF=y, or pack an object "
			 "without %s.", s->needs->kernel_btf);
}

int decide(const struct situation *s, struct plan *out, struct error *err)
{
	const struct program_needs *stuck;

	*out = (struct plan){ .status = STATUS_DONE };
	out->programs = calloc(s->needs->program_count + 1, sizeof(*out->programs));
	if (!out->programs)
		return error_errno(err, -ENOMEM, "plan");
	out->decision = choose_row(s);
	fill_row(s, out);
	explain(s, out);
	stuck = switch_programs(s, out);
	if (stuck || (s->needs->kernel_btf && s->facts->kernel_has_btf.truth != TRUTH_YES))
		refuse(s, stuck, out);
	else if (out->status == STATUS_NEEDS_BUILD && may_expose_btf(s->facts))
		advise_to_say(s, out);
	else if (out->status == STATUS_NEEDS_BUILD)
		advise_build(s, out);
	return 0;
}
