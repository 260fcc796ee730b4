/* SPDX-License-Identifier: BSD-2-Clause */
/* How far a program comes: each case sets what is known and says what must come out. */
#include "tests/unit/world.h"

static void all_is_well(struct world *w)
{
	(void)w;
}

static void is_off(struct world *w)
{
	give(w, "?raw_tp/sched_switch", ATTACH_RAW_TRACEPOINT, BPF_PROG_TYPE_RAW_TRACEPOINT);
}

static void unknown_section(struct world *w)
{
	w->program.typed = false;
	w->program.section = "nonsense";
}

static void unguarded_field(struct world *w)
{
	w->evidence.programs[0].relocations = (struct relocation_evidence){
		.count = 1, .missing = 1, .first = "struct task_struct.foo (byte offset)" };
	refuse(w, CLASS_VERIFIER, EINVAL, "the verifier refuses it");
}

static void guarded_field(struct world *w)
{
	w->evidence.programs[0].relocations = (struct relocation_evidence){ .count = 2, .guarded = 1 };
}

static void field_that_the_kernel_took(struct world *w)
{
	w->evidence.programs[0].relocations = (struct relocation_evidence){
		.count = 1, .missing = 1, .first = "struct task_struct.foo (byte offset)" };
}

static void field_elsewhere(struct world *w)
{
	field_that_the_kernel_took(w);
	w->evidence.elsewhere = true;
	w->evidence.programs[0].load = w->evidence.whole = (struct attempt){ .outcome = NOT_TRIED };
}

static void no_btf_at_all(struct world *w)
{
	w->evidence.programs[0].relocations.count = 1;
	w->evidence.resolved = false;
	w->plan.status = STATUS_NEEDS_BUILD;
	w->evidence.programs[0].load.outcome = NOT_TRIED;
}

static void map_missing(struct world *w)
{
	w->evidence.maps[0] = probe_no(EINVAL);
	refuse(w, CLASS_MAP_TYPE, EINVAL, "map events: failed");
}

static void helper_missing(struct world *w)
{
	w->evidence.programs[0].helpers[0] = probe_no(EINVAL);
	refuse(w, CLASS_VERIFIER, EINVAL, "unknown func");
}

static void global_data_missing(struct world *w)
{
	w->program.global_data = true;
	w->evidence.global_data = probe_no(EINVAL);
	refuse(w, CLASS_VERIFIER, EINVAL, "invalid BPF map reference");
}

static void global_data_without_network(struct world *w)
{
	static const char config[] = "CONFIG_BPF=y\n# CONFIG_NET is not set\n";

	global_data_missing(w);
	assert_int_equal(kconfig_parse((struct slice){ (const uint8_t *)config, strlen(config) },
				       &w->facts.kconfig), 0);
}

static void helper_for_gpl(struct world *w)
{
	w->object.license = "Proprietary";
	w->evidence.programs[0].helpers[0] = probe_no(EACCES);
	refuse(w, CLASS_VERIFIER, EINVAL, "cannot call GPL-restricted function");
}

static void type_missing(struct world *w)
{
	w->evidence.programs[0].type = probe_no(EINVAL);
	refuse(w, CLASS_VERIFIER, EINVAL, "");
}

static void verifier_alone(struct world *w)
{
	refuse(w, CLASS_VERIFIER, EACCES, "R1 invalid mem access");
}

static void out_of_time(struct world *w)
{
	w->evidence.programs[0].load = (struct attempt){ .outcome = TRIED_UNKNOWN,
							 .reason = "the trial was ended" };
}

static void raw_tracepoint_missing(struct world *w)
{
	w->evidence.programs[0].place = probe_no(ENOENT);
}

static void tracepoint(struct world *w)
{
	give(w, "tp/sched/sched_switch", ATTACH_TRACEPOINT, BPF_PROG_TYPE_TRACEPOINT);
}

static void tracefs_not_mounted(struct world *w)
{
	tracepoint(w);
	w->facts.policy.tracefs_mounted = probe_no(ENOENT);
}

static void tracepoint_too_short(struct world *w)
{
	tracepoint(w);
	w->evidence.programs[0].context_end = 100;
	w->evidence.programs[0].holds = probe_no(EACCES);
}

static void kprobe(struct world *w)
{
	give(w, "kprobe/do_exit", ATTACH_KPROBE, BPF_PROG_TYPE_KPROBE);
}

static void kprobes_not_built_in(struct world *w)
{
	kprobe(w);
	w->facts.policy.kprobe_pmu = (struct setting){ .known = { .truth = TRUTH_NO } };
	w->facts.policy.kprobe_events = probe_no(ENOENT);
}

static void kprobes_by_tracefs(struct world *w)
{
	kprobe(w);
	w->facts.policy.kprobe_pmu = (struct setting){ .known = { .truth = TRUTH_NO } };
}

static void function_inlined(struct world *w)
{
	kprobe(w);
	w->evidence.programs[0].place = probe_no(ENOENT);
	strcpy(w->evidence.programs[0].near, "do_exit.isra.0");
}

static void function_forbidden(struct world *w)
{
	kprobe(w);
	w->evidence.programs[0].traceable = probe_no(EINVAL);
}

static void function_unreadable(struct world *w)
{
	kprobe(w);
	w->evidence.programs[0].place = probe_unknown(EACCES);
}

static void kprobe_multi_missing(struct world *w)
{
	give(w, "kprobe.multi/do_exit", ATTACH_KPROBE_MULTI, BPF_PROG_TYPE_KPROBE);
	w->evidence.kprobe_multi = probe_no(EOPNOTSUPP);
}

static void uprobe_bare(struct world *w)
{
	give(w, "uprobe/readline", ATTACH_UPROBE, BPF_PROG_TYPE_KPROBE);
}

static void fentry_target_missing(struct world *w)
{
	give(w, "fentry/no_such", ATTACH_FENTRY, BPF_PROG_TYPE_TRACING);
	w->evidence.programs[0].place = probe_no(ENOENT);
	refuse(w, CLASS_ATTACH_TYPE, ESRCH, "failed to find kernel BTF type ID");
	w->evidence.programs[0].load.class = CLASS_UNKNOWN;
}

static void xdp(struct world *w)
{
	give(w, "xdp", ATTACH_OTHER, BPF_PROG_TYPE_XDP);
}

static void xdp_to_be_run(struct world *w)
{
	xdp(w);
	w->evidence.given = false;
}

static void fentry_cannot_attach(struct world *w)
{
	give(w, "fentry/do_exit", ATTACH_FENTRY, BPF_PROG_TYPE_TRACING);
	w->evidence.fentry = probe_no(KERNEL_ENOTSUPP);
}

static void lsm_inactive(struct world *w)
{
	give(w, "lsm/file_open", ATTACH_LSM, BPF_PROG_TYPE_LSM);
	strcpy(w->facts.policy.lsms, "lockdown,capability");
}

static void ftrace_off(struct world *w)
{
	give(w, "fentry/do_exit", ATTACH_FENTRY, BPF_PROG_TYPE_TRACING);
	w->facts.policy.ftrace = known(0);
}

static void attach_was_refused(struct world *w)
{
	w->evidence.programs[0].attach = (struct attempt){ .outcome = TRIED_NO, .error = EBUSY,
							   .reason = "cannot attach: busy" };
}

static const struct level_case CASES[] = {
	CASE(all_is_well, LEVEL_FIRES, ANSWER_YES, CLASS_NONE, "", ""),
	CASE(is_off, LEVEL_LOADS, ANSWER_SKIP, CLASS_NONE, "", ""),
	CASE(unknown_section, LEVEL_PARSES, ANSWER_NO, CLASS_PROGRAM_TYPE, "nonsense", "section"),
	CASE(unguarded_field, LEVEL_RELOCATES, ANSWER_NO, CLASS_CORE_RELOCATION, "task_struct.foo",
	     "bpf_core_field_exists"),
	CASE(guarded_field, LEVEL_RELOCATES, ANSWER_YES, CLASS_NONE, "1 of its relocations", ""),
	CASE(field_that_the_kernel_took, LEVEL_LOADS, ANSWER_YES, CLASS_NONE, "", ""),
	CASE(field_elsewhere, LEVEL_RELOCATES, ANSWER_UNKNOWN, CLASS_CORE_RELOCATION,
	     "task_struct.foo", "as root"),
	CASE(no_btf_at_all, LEVEL_RELOCATES, ANSWER_NO, CLASS_MISSING_BTF, "no BTF", ""),
	CASE(map_missing, LEVEL_LOADS, ANSWER_NO, CLASS_MAP_TYPE, "map events (type ringbuf",
	     "perf buffer"),
	CASE(helper_missing, LEVEL_LOADS, ANSWER_NO, CLASS_VERIFIER, "bpf_ringbuf_output", "alternative"),
	CASE(global_data_missing, LEVEL_LOADS, ANSWER_NO, CLASS_MAP_TYPE, "5.2", "newer kernel"),
	CASE(global_data_without_network, LEVEL_LOADS, ANSWER_NO, CLASS_MAP_TYPE, "without CONFIG_NET",
	     "CONFIG_NET=y"),
	CASE(helper_for_gpl, LEVEL_LOADS, ANSWER_NO, CLASS_VERIFIER, "\"Proprietary\"", "license"),
	CASE(type_missing, LEVEL_LOADS, ANSWER_NO, CLASS_PROGRAM_TYPE, "raw_tracepoint", "optional"),
	CASE(verifier_alone, LEVEL_LOADS, ANSWER_NO, CLASS_VERIFIER, "invalid mem access", "--verbose"),
	CASE(out_of_time, LEVEL_LOADS, ANSWER_UNKNOWN, CLASS_UNKNOWN, "was ended", "again"),
	CASE(raw_tracepoint_missing, LEVEL_ATTACHES, ANSWER_NO, CLASS_ATTACH_TYPE,
	     "no raw tracepoint sched_switch", "btf_trace_NAME"),
	CASE(tracepoint, LEVEL_FIRES, ANSWER_YES, CLASS_NONE, "", ""),
	CASE(tracefs_not_mounted, LEVEL_ATTACHES, ANSWER_NO, CLASS_ATTACH_TYPE, "not mounted",
	     "mount -t tracefs"),
	CASE(tracepoint_too_short, LEVEL_ATTACHES, ANSWER_NO, CLASS_ATTACH_TYPE, "100 bytes", "format"),
	CASE(kprobe, LEVEL_FIRES, ANSWER_YES, CLASS_NONE, "", ""),
	CASE(kprobes_not_built_in, LEVEL_ATTACHES, ANSWER_NO, CLASS_ATTACH_TYPE, "kprobes",
	     "CONFIG_KPROBES"),
	CASE(kprobes_by_tracefs, LEVEL_FIRES, ANSWER_YES, CLASS_NONE, "", ""),
	CASE(function_inlined, LEVEL_ATTACHES, ANSWER_NO, CLASS_ATTACH_TYPE, "no function do_exit",
	     "do_exit.isra.0"),
	CASE(function_forbidden, LEVEL_ATTACHES, ANSWER_NO, CLASS_ATTACH_TYPE, "forbidden", "blacklist"),
	CASE(function_unreadable, LEVEL_ATTACHES, ANSWER_UNKNOWN, CLASS_NONE, "kallsyms", ""),
	CASE(kprobe_multi_missing, LEVEL_ATTACHES, ANSWER_NO, CLASS_ATTACH_TYPE, "CONFIG_FPROBE",
	     "alternative"),
	CASE(uprobe_bare, LEVEL_ATTACHES, ANSWER_SKIP, CLASS_NONE, "own loader", ""),
	CASE(fentry_target_missing, LEVEL_LOADS, ANSWER_NO, CLASS_ATTACH_TYPE, "fentry/no_such",
	     "alternative"),
	CASE(fentry_cannot_attach, LEVEL_ATTACHES, ANSWER_NO, CLASS_ATTACH_TYPE,
	     "cannot attach programs to its functions", "alternative"),
	CASE(xdp, LEVEL_ATTACHES, ANSWER_SKIP, CLASS_NONE, "own loader", ""),
	CASE(xdp_to_be_run, LEVEL_ATTACHES, ANSWER_NO, CLASS_ATTACH_TYPE, "does not say where", ""),
	CASE(lsm_inactive, LEVEL_FIRES, ANSWER_NO, CLASS_POLICY, "`bpf` is not active",
	     "lsm=lockdown,capability,bpf"),
	CASE(ftrace_off, LEVEL_FIRES, ANSWER_NO, CLASS_POLICY, "ftrace_enabled", "sysctl"),
	CASE(attach_was_refused, LEVEL_ATTACHES, ANSWER_NO, CLASS_ATTACH_TYPE, "busy", "optional"),
};

static void cases(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++)
		check_case(&CASES[i]);
}

/* Only what the object needs can fail it, and what loading has shown is no complaint. */
static void items(void **state)
{
	struct world w;
	size_t i;

	(void)state;
	build(&w);
	w.facts.policy.capabilities = known(0);
	w.facts.policy.lockdown = LOCKDOWN_CONFIDENTIALITY;
	w.facts.policy.seccomp = known(2);
	w.facts.policy.tracefs_mounted = probe_no(ENOENT);
	strcpy(w.facts.policy.lsms, "lockdown");
	judge(&w);
	for (i = 0; i < ITEMS; i++)
		if (w.items[i].answer >= ANSWER_BLOCKED)
			fail_msg("%s: %s", item_id((enum item)i), w.items[i].reason);
	assert_int_equal(w.items[ITEM_LSM_BPF].answer, ANSWER_SKIP);
	assert_int_equal(w.items[ITEM_KPROBES].answer, ANSWER_SKIP);
	evidence_free(&w.evidence);

	build(&w);
	helper_missing(&w);
	judge(&w);
	assert_int_equal(w.items[ITEM_HELPERS].answer, ANSWER_NO);
	assert_non_null(strstr(w.items[ITEM_HELPERS].reason, "bpf_ringbuf_output"));
	assert_int_equal(w.items[ITEM_LOAD].answer, ANSWER_NO);
	evidence_free(&w.evidence);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cases),
		cmocka_unit_test(items),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
