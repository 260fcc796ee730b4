/* SPDX-License-Identifier: BSD-2-Clause */
/* The decision as a table: one line for each row and each way into it. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "decide/decide.h"

enum { Y = TRUTH_YES, N = TRUTH_NO, U = TRUTH_UNKNOWN };

/* Objects. */
static struct program_needs plain[] = { { .name = "plain", .section = "raw_tp/x" } };
static struct program_needs with_alternative[] = {
	{ .name = "fast", .section = "fentry/f", .kernel_btf = "fentry", .alternative = "slow" },
	{ .name = "slow", .section = "kprobe/f", .is_alternative = true },
};
static struct program_needs optional_program[] = {
	{ .name = "extra", .section = "lsm/x", .kernel_btf = "lsm", .optional = true },
	{ .name = "plain", .section = "raw_tp/x" },
};
static struct program_needs essential[] = {
	{ .name = "must", .section = "tp_btf/x", .kernel_btf = "tp_btf" },
};
static struct program_needs off_by_default[] = {
	{ .name = "maybe", .section = "?fentry/f", .kernel_btf = "fentry", .off = true },
	{ .name = "plain", .section = "raw_tp/x" },
};
static struct program_needs chain[] = {
	{ .name = "a", .section = "fentry/f", .kernel_btf = "fentry", .alternative = "b" },
	{ .name = "b", .section = "tp_btf/f", .kernel_btf = "tp_btf", .alternative = "c",
	  .is_alternative = true },
	{ .name = "c", .section = "kprobe/f", .is_alternative = true },
};
static struct program_needs circle[] = {
	{ .name = "a", .section = "fentry/f", .kernel_btf = "fentry", .alternative = "b",
	  .is_alternative = true },
	{ .name = "b", .section = "fentry/g", .kernel_btf = "fentry", .alternative = "a",
	  .is_alternative = true },
};

#define OBJECT(list, ...) \
	{ .programs = (list), .program_count = sizeof(list) / sizeof((list)[0]), __VA_ARGS__ }

static const struct needs core = OBJECT(plain, .relocations = true);
static const struct needs no_relocations = OBJECT(plain);
static const struct needs alternative = OBJECT(with_alternative, .relocations = true);
static const struct needs alternative_only = OBJECT(with_alternative);
static const struct needs optional = OBJECT(optional_program, .relocations = true);
static const struct needs must = OBJECT(essential, .relocations = true);
static const struct needs must_only = OBJECT(essential);
static const struct needs off = OBJECT(off_by_default);
static const struct needs chained = OBJECT(chain, .relocations = true);
static const struct needs circular = OBJECT(circle, .relocations = true);
static const struct needs kfunc = OBJECT(plain, .relocations = true, .kernel_btf = "kfuncs",
					  .kernel_btf_name = "bpf_key_put");
static const struct needs kfunc_in_essential = OBJECT(essential, .relocations = true,
						       .kernel_btf = "kfuncs", .kernel_btf_name = "bpf_key_put");

struct row {
	const char *title;
	const struct needs *needs;
	int kernel, source;              /* kernel_has_btf, btf_source */
	const char *object, *btf;        /* given */
	enum stored_state stored;
	bool covers;
	const char *built_here;

	const char *row;
	enum exit_status status;
	enum plan_object plan_object;
	enum plan_btf plan_btf;
	const char *switched;            /* "name=stand-in name=" */
	const char *says;                /* part of reason or remedy */
};

#define GIVEN "mine.o"
#define BTF "my.btf"
#define INSTALLED OBJECT_INSTALLED
#define DONE STATUS_DONE
#define BUILD STATUS_NEEDS_BUILD

static const struct row TABLE[] = {
	/* title, needs, kernel, source, object, btf, stored, covers, built */
	{ "0 without relocations", &no_relocations, N, N, 0, 0, STORED_NONE, 0, 0,
	  "0", DONE, INSTALLED, BTF_NONE, "", "loads without" },
	{ "0 although there is BTF", &no_relocations, Y, Y, 0, 0, STORED_NONE, 0, 0,
	  "0", DONE, INSTALLED, BTF_NONE, "", 0 },
	{ "0 given", &no_relocations, N, N, GIVEN, 0, STORED_NONE, 0, 0,
	  "0", DONE, OBJECT_GIVEN, BTF_NONE, "", 0 },
	{ "0 given, stale install does not matter", &no_relocations, N, N, GIVEN, 0, STORED_STALE, 0, 0,
	  "0", DONE, OBJECT_GIVEN, BTF_NONE, "", 0 },
	{ "0 its program for kernel BTF is off anyway", &off, N, N, 0, 0, STORED_NONE, 0, 0,
	  "0", DONE, INSTALLED, BTF_NONE, "", 0 },
	{ "0 once the alternative is in", &alternative_only, N, N, 0, 0, STORED_NONE, 0, 0,
	  "0", DONE, INSTALLED, BTF_NONE, "fast=slow ", 0 },
	{ "0 no relocations, but a program for kernel BTF", &must_only, N, N, 0, 0, STORED_NONE, 0, 0,
	  "0", STATUS_NO, INSTALLED, BTF_NONE, "", "Program must needs" },

	{ "1 kernel BTF", &core, Y, Y, GIVEN, 0, STORED_NONE, 0, 0,
	  "1", DONE, OBJECT_GIVEN, BTF_KERNEL, "", GIVEN },
	{ "1 given BTF", &core, N, N, GIVEN, BTF, STORED_NONE, 0, 0,
	  "1", DONE, OBJECT_GIVEN, BTF_GIVEN, "", BTF },
	{ "1 given BTF wins over the kernel's", &core, Y, Y, GIVEN, BTF, STORED_ONE, 1, 0,
	  "1", DONE, OBJECT_GIVEN, BTF_GIVEN, "", BTF },
	{ "1 BTF elsewhere", &core, N, Y, GIVEN, 0, STORED_ONE, 1, 0,
	  "1", DONE, OBJECT_GIVEN, BTF_KERNEL, "", 0 },

	{ "2a covered", &core, N, N, GIVEN, 0, STORED_ONE, 1, 0,
	  "2a", DONE, OBJECT_GIVEN, BTF_STORED, "", "covers" },
	{ "2a the kernel's is not readable", &core, U, U, GIVEN, 0, STORED_ONE, 1, 0,
	  "2a", DONE, OBJECT_GIVEN, BTF_STORED, "", "cannot be used" },
	{ "2b not covered", &core, N, N, GIVEN, 0, STORED_ONE, 0, 0,
	  "2b", BUILD, OBJECT_NONE, BTF_NONE, "", "BTFERRY_BTF_FILE" },
	{ "2b nothing stored", &core, N, N, GIVEN, 0, STORED_NONE, 0, 0,
	  "2b", BUILD, OBJECT_NONE, BTF_NONE, "", "manifest" },
	{ "2b what was built here is another object", &core, N, N, GIVEN, 0, STORED_NONE, 0, "b.o",
	  "2b", BUILD, OBJECT_NONE, BTF_NONE, "", 0 },
	{ "2b stale", &core, N, N, GIVEN, 0, STORED_STALE, 1, 0,
	  "2b", BUILD, OBJECT_NONE, BTF_NONE, "", "`app install`" },
	{ "2b ambiguous", &core, N, N, GIVEN, 0, STORED_AMBIGUOUS, 1, 0,
	  "2b", BUILD, OBJECT_NONE, BTF_NONE, "", "one or two" },
	{ "2c compiled for this kernel", &alternative_only, N, N, GIVEN, 0, STORED_NONE, 0, 0,
	  "2c", DONE, OBJECT_GIVEN, BTF_NONE, "fast=slow ", "compiled for this kernel" },
	{ "2c but a program cannot run", &must_only, N, N, GIVEN, 0, STORED_NONE, 0, 0,
	  "2c", STATUS_NO, OBJECT_GIVEN, BTF_NONE, "", "must" },

	{ "3 kernel BTF", &core, Y, Y, 0, 0, STORED_NONE, 0, 0,
	  "3", DONE, INSTALLED, BTF_KERNEL, "", "/sys/kernel/btf/vmlinux" },
	{ "3 kernel BTF wins over the stored", &core, Y, Y, 0, 0, STORED_ONE, 1, 0,
	  "3", DONE, INSTALLED, BTF_KERNEL, "", 0 },
	{ "3 kernel BTF and a stale install", &core, Y, Y, 0, 0, STORED_STALE, 1, 0,
	  "3", DONE, INSTALLED, BTF_KERNEL, "", 0 },
	{ "3 given BTF", &core, N, N, 0, BTF, STORED_NONE, 0, 0,
	  "3", DONE, INSTALLED, BTF_GIVEN, "", BTF },
	{ "3 given BTF wins over the kernel's", &core, Y, Y, 0, BTF, STORED_ONE, 1, 0,
	  "3", DONE, INSTALLED, BTF_GIVEN, "", BTF },
	{ "3 with kernel BTF alternatives are off", &alternative, Y, Y, 0, 0, STORED_NONE, 0, 0,
	  "3", DONE, INSTALLED, BTF_KERNEL, "slow= ", 0 },
	{ "3 with kernel BTF the whole chain is off", &chained, Y, Y, 0, 0, STORED_NONE, 0, 0,
	  "3", DONE, INSTALLED, BTF_KERNEL, "b= c= ", 0 },
	{ "3 programs on the kernel's BTF", &must, Y, Y, 0, 0, STORED_NONE, 0, 0,
	  "3", DONE, INSTALLED, BTF_KERNEL, "", 0 },
	{ "3 given BTF serves no fentry", &must, N, N, 0, BTF, STORED_NONE, 0, 0,
	  "3", STATUS_NO, INSTALLED, BTF_GIVEN, "", "no other BTF can serve" },
	{ "3 BTF elsewhere serves no fentry", &alternative, N, Y, 0, 0, STORED_NONE, 0, 0,
	  "3", DONE, INSTALLED, BTF_KERNEL, "fast=slow ", 0 },
	{ "3 kfuncs on the kernel's BTF", &kfunc, Y, Y, 0, 0, STORED_NONE, 0, 0,
	  "3", DONE, INSTALLED, BTF_KERNEL, "", 0 },

	{ "4 stored", &core, N, N, 0, 0, STORED_ONE, 1, 0,
	  "4", DONE, INSTALLED, BTF_STORED, "", "6.1.0-1-test" },
	{ "4 the kernel's is not readable", &core, U, U, 0, 0, STORED_ONE, 1, 0,
	  "4", DONE, INSTALLED, BTF_STORED, "", "cannot be used" },
	{ "4 alternative", &alternative, N, N, 0, 0, STORED_ONE, 1, 0,
	  "4", DONE, INSTALLED, BTF_STORED, "fast=slow ", 0 },
	{ "4 alternative of an alternative", &chained, N, N, 0, 0, STORED_ONE, 1, 0,
	  "4", DONE, INSTALLED, BTF_STORED, "a=c b= ", 0 },
	{ "4 optional", &optional, N, N, 0, 0, STORED_ONE, 1, 0,
	  "4", DONE, INSTALLED, BTF_STORED, "extra= ", 0 },
	{ "4 neither", &must, N, N, 0, 0, STORED_ONE, 1, 0,
	  "4", STATUS_NO, INSTALLED, BTF_STORED, "", "[program must]" },
	{ "4 neither, and not readable", &must, U, U, 0, 0, STORED_ONE, 1, 0,
	  "4", STATUS_BLOCKED, INSTALLED, BTF_STORED, "", "as root" },
	{ "4 kfunc", &kfunc, N, N, 0, 0, STORED_ONE, 1, 0,
	  "4", STATUS_NO, INSTALLED, BTF_STORED, "", "kfuncs: bpf_key_put" },
	{ "4 kfunc, of the whole object and not of a program", &kfunc_in_essential, N, N, 0, 0,
	  STORED_ONE, 1, 0, "4", STATUS_NO, INSTALLED, BTF_STORED, "",
	  "The object needs the kernel's own BTF (kfuncs: bpf_key_put)" },
	{ "4 before what was built here", &core, N, N, 0, 0, STORED_ONE, 1, "b.o",
	  "4", DONE, INSTALLED, BTF_STORED, "", 0 },

	{ "5 built here", &core, N, N, 0, 0, STORED_NONE, 0, "b.o",
	  "5", DONE, OBJECT_BUILT_HERE, BTF_NONE, "", "b.o" },
	{ "5 nothing", &core, N, N, 0, 0, STORED_NONE, 0, 0,
	  "5", BUILD, OBJECT_NONE, BTF_NONE, "", "`app build --print --kernel 6.1.0-1-test`" },
	{ "5 nothing, and the kernel's not readable", &core, U, U, 0, 0, STORED_NONE, 0, 0,
	  "5", BUILD, OBJECT_NONE, BTF_NONE, "", "cannot be used" },
	{ "5 stale", &core, N, N, 0, 0, STORED_STALE, 1, 0,
	  "5", BUILD, OBJECT_NONE, BTF_NONE, "", "`app install`" },
	{ "5 installed when the kernel exposed BTF", &core, N, N, 0, 0, STORED_AT_HAND, 0, 0,
	  "5", BUILD, OBJECT_NONE, BTF_NONE, "", "`app install`: the packed BTF takes its place" },
	{ "5 built here, too", &core, N, N, 0, 0, STORED_AT_HAND, 0, "b.o",
	  "5", DONE, OBJECT_BUILT_HERE, BTF_NONE, "", "b.o" },
	{ "5 ambiguous", &core, N, N, 0, 0, STORED_AMBIGUOUS, 1, 0,
	  "5", BUILD, OBJECT_NONE, BTF_NONE, "", "one or two" },
	{ "5 a no is more than a missing build", &must, N, N, 0, 0, STORED_NONE, 0, 0,
	  "5", STATUS_NO, OBJECT_NONE, BTF_NONE, "", "Program must" },
	{ "5 two alternatives of each other", &circular, N, N, 0, 0, STORED_ONE, 1, 0,
	  "4", STATUS_NO, INSTALLED, BTF_STORED, "", 0 },
};

static struct facts host(int kernel, int source)
{
	struct facts facts = {
		.arch = "x86_64",
		.release = "6.1.0-1-test",
		.build = "#1 SMP Debian 6.1.1-1",
		.os = { .id = "debian", .version_id = "12" },
		.kernel_has_btf = { .truth = (enum truth)kernel },
		.btf_source = { .truth = (enum truth)source },
	};

	if (source == Y)
		strcpy(facts.btf_source_path, "/sys/kernel/btf/vmlinux");
	if (kernel == U) {
		facts.kernel_has_btf.error = EACCES;
		strcpy(facts.kernel_btf_problem, "/sys/kernel/btf/vmlinux: Permission denied");
	}
	return facts;
}

static void check_sentence(const char *title, const char *text)
{
	size_t length = strlen(text);

	if (length == 0 || text[length - 1] != '.' || strchr(text, '\n'))
		fail_msg("%s: no sentence: \"%s\"", title, text);
}

static void check_row(const struct row *row)
{
	struct facts facts = host(row->kernel, row->source);
	struct situation situation = {
		.app = "app",
		.facts = &facts,
		.needs = row->needs,
		.given_object = row->object,
		.given_btf = row->btf,
		.stored = row->stored,
		.stored_covers = row->covers,
		.candidates = "one or two",
		.built_here = row->built_here,
	};
	char switched[256] = "";
	struct plan plan;
	size_t i;

	assert_int_equal(decide(&situation, &plan, NULL), 0);
	for (i = 0; i < plan.program_count; i++) {
		const struct plan_program *program = &plan.programs[i];
		size_t used = strlen(switched);

		snprintf(switched + used, sizeof(switched) - used, "%s=%s ", program->name,
			 program->replaced_by ? program->replaced_by : "");
		assert_true(program->why[0]);
	}
	if (strcmp(decision_name(plan.decision), row->row) != 0 || plan.status != row->status ||
	    plan.object != row->plan_object || plan.btf != row->plan_btf)
		fail_msg("%s: row %s, status %d, object %d, btf %d", row->title,
			 decision_name(plan.decision), plan.status, plan.object, plan.btf);
	/* What is switched off by a plan that fails does not matter. */
	if (plan.status == STATUS_DONE && strcmp(switched, row->switched) != 0)
		fail_msg("%s: switched off: %s", row->title, switched);
	check_sentence(row->title, plan.reason);
	if (plan.status == STATUS_DONE)
		assert_string_equal(plan.remedy, "");
	else
		check_sentence(row->title, plan.remedy);
	if (row->says && !strstr(plan.reason, row->says) && !strstr(plan.remedy, row->says))
		fail_msg("%s: \"%s\" stands neither in \"%s\" nor in \"%s\"", row->title, row->says,
			 plan.reason, plan.remedy);
	plan_free(&plan);
}

static void table(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(TABLE) / sizeof(TABLE[0]); i++)
		check_row(&TABLE[i]);
}

/* Without sysfs nobody sees the kernel's BTF: mounting it is the shorter way. */
static void unmounted(void **state)
{
	struct facts facts = host(U, N);
	struct situation situation = {
		.app = "app", .facts = &facts, .needs = &core, .stored = STORED_AT_HAND,
	};
	struct plan plan;

	(void)state;
	facts.kernel_has_btf.error = ENOENT;
	facts.scope = FACTS_RUNNING;
	assert_int_equal(decide(&situation, &plan, NULL), 0);
	assert_int_equal(plan.status, BUILD);
	assert_string_equal(plan.remedy, "Mount sysfs: `mount -t sysfs sysfs /sys`; or run `app install`: "
			    "the packed BTF takes its place.");
	plan_free(&plan);
	situation.needs = &must;
	situation.stored = STORED_ONE;
	assert_int_equal(decide(&situation, &plan, NULL), 0);
	assert_int_equal(plan.status, STATUS_NO);
	assert_non_null(strstr(plan.remedy, "`mount -t sysfs sysfs /sys`"));
	plan_free(&plan);
}

/* The command that gets the debug information of this very release, for each family. */
/* Of a kernel that is not here, "unknown" is not "none": no build is asked for. */
static void elsewhere(void **state)
{
	const struct needs *const needs[] = { &core, &must };
	struct facts facts = host(U, U);
	struct situation situation = { .app = "app", .facts = &facts };
	struct plan plan;
	size_t i;

	(void)state;
	facts.scope = FACTS_FILES;
	facts.kernel_btf_problem[0] = '\0';
	for (i = 0; i < sizeof(needs) / sizeof(needs[0]); i++) {
		situation.needs = needs[i];
		assert_int_equal(decide(&situation, &plan, NULL), 0);
		assert_int_equal(plan.status, STATUS_BLOCKED);
		assert_non_null(strstr(plan.remedy, "--config"));
		plan_free(&plan);
	}
	situation.needs = &core;
	situation.stored = STORED_ONE;
	assert_int_equal(decide(&situation, &plan, NULL), 0);
	assert_int_equal(plan.status, STATUS_DONE);
	assert_int_equal(plan.btf, BTF_STORED);
	plan_free(&plan);

	/* Facts of a host whose BTF could not be read lead to what that host says itself. */
	situation.stored = STORED_NONE;
	facts = host(U, U);
	facts.recorded = true;
	assert_int_equal(decide(&situation, &plan, NULL), 0);
	assert_int_equal(plan.status, STATUS_NEEDS_BUILD);
	plan_free(&plan);
}

static enum program_state state_of(const struct plan *plan, const struct needs *needs,
				   const char *name)
{
	return plan_state(plan, needs_program(needs, name));
}

/* One that turns out not to run gives its place to its alternative, and so on down the chain. */
static void replacing(void **state)
{
	struct facts facts = host(Y, Y);
	struct situation situation = { .app = "app", .facts = &facts, .needs = &chained };
	struct plan plan;

	(void)state;
	assert_int_equal(decide(&situation, &plan, NULL), 0);
	assert_int_equal(state_of(&plan, &chained, "a"), PROGRAM_LOADED);
	assert_false(plan_replace(&plan, &chained, "b", "it is off"));
	assert_false(plan_replace(&plan, &chained, "none", "no such program"));
	assert_true(plan_can_replace(&plan, &chained, "a"));
	assert_true(plan_replace(&plan, &chained, "a", "no place"));
	assert_int_equal(state_of(&plan, &chained, "a"), PROGRAM_OFF);
	assert_int_equal(state_of(&plan, &chained, "b"), PROGRAM_ALTERNATIVE);
	assert_int_equal(state_of(&plan, &chained, "c"), PROGRAM_OFF);
	assert_true(plan_replace(&plan, &chained, "b", "no place either"));
	assert_int_equal(state_of(&plan, &chained, "a"), PROGRAM_OFF);
	assert_int_equal(state_of(&plan, &chained, "b"), PROGRAM_OFF);
	assert_int_equal(state_of(&plan, &chained, "c"), PROGRAM_ALTERNATIVE);
	assert_false(plan_replace(&plan, &chained, "c", "it has none"));
	assert_int_equal(plan.program_count, 2);
	plan_free(&plan);

	/* What the plan left out because it cannot run stands in for nothing. */
	facts = host(N, N);
	situation.needs = &alternative;
	situation.stored = STORED_ONE;
	assert_int_equal(decide(&situation, &plan, NULL), 0);
	assert_false(plan_replace(&plan, &alternative, "slow", "it has none"));
	plan_free(&plan);
	situation.needs = &circular;
	facts = host(Y, Y);
	assert_int_equal(decide(&situation, &plan, NULL), 0);
	assert_int_equal(state_of(&plan, &circular, "a"), PROGRAM_OFF);
	plan_free(&plan);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(table),
		cmocka_unit_test(unmounted),
		cmocka_unit_test(elsewhere),
		cmocka_unit_test(replacing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
