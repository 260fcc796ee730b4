/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * All that is known of one program on one kernel, as a test makes it up: what is judged is a pure
 * function of it.
 */
#ifndef TESTS_UNIT_WORLD_H
#define TESTS_UNIT_WORLD_H

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <linux/bpf.h>

#include "decide/items.h"
#include "decide/levels.h"

enum { ALL = -1 };

/* One program, on a kernel that has everything, in a process that may do everything. */
struct world {
	struct object_map map;
	struct object object;
	uint32_t helper;
	struct program_needs program;
	struct needs needs;
	struct facts facts;
	struct plan plan;
	struct evidence evidence;
	struct finding levels[LEVELS];
	struct finding items[ITEMS];
};

static inline struct setting known(int64_t value)
{
	return (struct setting){ .known = { .truth = TRUTH_YES }, .value = value };
}

static inline void give(struct world *w, const char *section, enum attach_kind attach,
			uint32_t type)
{
	const char *slash = strchr(section, '/');

	w->program.section = section;
	w->program.target = slash ? slash + 1 : "";
	w->program.attach = attach;
	w->program.type = type;
	w->program.typed = true;
	w->program.off = section[0] == '?';
}

static inline void build(struct world *w)
{
	struct program_evidence *known_program;

	*w = (struct world){ .helper = BPF_FUNC_ringbuf_output };
	w->map = (struct object_map){ .name = "events", .type = BPF_MAP_TYPE_RINGBUF,
				      .max_entries = 4096 };
	w->object = (struct object){ .license = "GPL", .maps = &w->map, .map_count = 1 };
	w->program = (struct program_needs){ .name = "p", .helpers = &w->helper, .helper_count = 1 };
	give(w, "raw_tp/sched_switch", ATTACH_RAW_TRACEPOINT, BPF_PROG_TYPE_RAW_TRACEPOINT);
	w->needs = (struct needs){ .object = &w->object, .programs = &w->program, .program_count = 1 };
	w->facts = (struct facts){ .release = "6.1.0", .arch = "x86_64" };
	w->facts.policy = (struct policy){
		.uid = known(0), .initial_user_namespace = { .truth = TRUTH_YES },
		.capabilities = known(ALL), .bounding = known(ALL), .seccomp = known(0),
		.lockdown = LOCKDOWN_NONE, .lsms_known = { .truth = TRUTH_YES },
		.lsms = "lockdown,capability,bpf", .perf_event_paranoid = known(2),
		.kprobe_pmu = known(6), .uprobe_pmu = known(7),
		.kprobe_events = { .truth = TRUTH_YES }, .uprobe_events = { .truth = TRUTH_YES },
		.tracefs_mounted = { .truth = TRUTH_YES }, .ftrace = known(1),
	};
	w->facts.bpf_syscall = w->facts.kernel_has_btf = probe_yes();
	w->plan = (struct plan){ .status = STATUS_DONE, .btf = BTF_KERNEL };
	assert_int_equal(evidence_init(&w->evidence, &w->facts, &w->needs, &w->plan, 1, NULL), 0);
	w->evidence.given = true;
	w->evidence.resolved = true;
	w->evidence.perf_event = w->evidence.uprobe_event = w->evidence.kprobe_multi = probe_yes();
	w->evidence.maps[0] = w->evidence.global_data = probe_yes();
	w->evidence.whole.outcome = TRIED_YES;
	known_program = &w->evidence.programs[0];
	known_program->load.outcome = TRIED_YES;
	known_program->type = known_program->helpers[0] = known_program->place = probe_yes();
}

static inline struct finding *judge(struct world *w)
{
	levels_judge(&w->evidence, 0, w->levels);
	items_judge(&w->evidence, w->items);
	return w->levels;
}

static inline void refuse(struct world *w, enum failure_class class, int error, const char *reason)
{
	struct attempt *load = &w->evidence.programs[0].load;

	*load = (struct attempt){ .outcome = TRIED_NO, .class = class, .error = error };
	strcpy(load->reason, reason);
	w->evidence.whole = *load;
}

static inline void block(struct world *w, int error)
{
	struct attempt *load = &w->evidence.programs[0].load;

	*load = (struct attempt){ .outcome = TRIED_BLOCKED, .class = CLASS_POLICY, .error = error };
	w->evidence.whole = *load;
}

/* What is known, the level that decides, what is said there, and words of reason and remedy. */
struct level_case {
	const char *name;
	void (*know)(struct world *w);
	enum level level;
	enum answer answer;
	enum failure_class class;
	const char *says, *advises;
};

#define CASE(know, ...) { #know, know, __VA_ARGS__ }

static inline void check_case(const struct level_case *c)
{
	const struct finding *finding;
	struct world w;
	size_t k;

	build(&w);
	c->know(&w);
	finding = &judge(&w)[c->level];
	if (finding->answer != c->answer || finding->class != c->class ||
	    !strstr(finding->reason, c->says) || !strstr(finding->remedy, c->advises))
		fail_msg("%s: %d %s \"%s\" \"%s\"", c->name, finding->answer,
			 failure_class_name(finding->class), finding->reason, finding->remedy);
	/* What cannot be does not go on. */
	for (k = c->level + 1; k < LEVELS && finding->answer >= ANSWER_BLOCKED; k++)
		if (w.levels[k].answer != ANSWER_SKIP)
			fail_msg("%s: %s follows", c->name, level_name((enum level)k));
	/* Whatever is wrong comes with something to do. */
	for (k = 0; k < LEVELS; k++)
		if (w.levels[k].answer >= ANSWER_BLOCKED && !w.levels[k].remedy[0] && c->advises[0])
			fail_msg("%s: no remedy at %s", c->name, level_name((enum level)k));
	kconfig_free(w.facts.kconfig);
	evidence_free(&w.evidence);
}

#endif
