/* SPDX-License-Identifier: BSD-2-Clause */
/* Where programs attach, what keeps them from firing, and what trying came to. */
#include "decide/blocked.h"
#include "decide/items_parts.h"
#include "decide/places.h"

/* The worst of the places of these kinds. */
static void judge_places(const struct evidence *e, const enum attach_kind *kinds, size_t count,
			 struct finding *out)
{
	size_t i, k;

	for (i = 0; i < e->needs->program_count; i++) {
		const struct program_needs *program = &e->needs->programs[i];
		struct finding one = { .answer = ANSWER_SKIP };

		for (k = 0; k < count && kinds[k] != program->attach; k++)
			;
		if (k == count || !item_is_on(e, i) || !program->target[0])
			continue;
		place_judge(e, program, &e->programs[i], &one);
		if (one.answer > out->answer)
			*out = one;
	}
}

void item_kprobes(const struct evidence *e, struct finding *out)
{
	static const enum attach_kind KINDS[] = { ATTACH_KPROBE, ATTACH_KSYSCALL, ATTACH_KPROBE_MULTI };

	judge_places(e, KINDS, 3, out);
}

void item_tracepoints(const struct evidence *e, struct finding *out)
{
	static const enum attach_kind KINDS[] = { ATTACH_TRACEPOINT };

	judge_places(e, KINDS, 1, out);
}

void item_raw_tracepoints(const struct evidence *e, struct finding *out)
{
	static const enum attach_kind KINDS[] = { ATTACH_RAW_TRACEPOINT };

	judge_places(e, KINDS, 1, out);
}

void item_fentry(const struct evidence *e, struct finding *out)
{
	static const enum attach_kind KINDS[] = { ATTACH_FENTRY, ATTACH_LSM, ATTACH_ITER };

	judge_places(e, KINDS, 3, out);
}

void item_uprobes(const struct evidence *e, struct finding *out)
{
	static const enum attach_kind KINDS[] = { ATTACH_UPROBE, ATTACH_USDT };

	judge_places(e, KINDS, 2, out);
}

void item_ftrace(const struct evidence *e, struct finding *out)
{
	const struct setting *ftrace = &e->facts->policy.ftrace;

	if (!item_attaches_by(e, ATTACH_FENTRY) && !item_attaches_by(e, ATTACH_KPROBE_MULTI))
		return;
	if (ftrace->known.truth != TRUTH_YES) {
		finding_set(out, ANSWER_UNKNOWN, CLASS_UNKNOWN, "kernel.ftrace_enabled cannot be read");
	} else if (ftrace->value) {
		item_pass(out, "kernel.ftrace_enabled is 1");
	} else {
		finding_set(out, ANSWER_NO, CLASS_POLICY, "kernel.ftrace_enabled is 0");
		finding_advise(out, "Run `sysctl kernel.ftrace_enabled=1`.");
	}
}

void item_jit(const struct evidence *e, struct finding *out)
{
	const struct setting *jit = &e->facts->policy.jit;
	bool always = facts_option(e->facts, "CONFIG_BPF_JIT_ALWAYS_ON").set.truth == TRUTH_YES;

	if (!item_attaches_by(e, ATTACH_FENTRY) && !item_attaches_by(e, ATTACH_LSM))
		return;
	if (always || (jit->known.truth == TRUTH_YES && jit->value)) {
		item_pass(out, "programs are compiled");
	} else if (jit->known.truth == TRUTH_YES && !item_has_loaded(e)) {
		finding_set(out, ANSWER_NO, CLASS_POLICY,
			    "net.core.bpf_jit_enable is 0, and trampolines take the compiler");
		finding_advise(out, "Run `sysctl net.core.bpf_jit_enable=1`.");
	} else {
		finding_set(out, ANSWER_UNKNOWN, CLASS_UNKNOWN, "whether programs are compiled is not known");
	}
}

void item_load(const struct evidence *e, struct finding *out)
{
	static const enum answer ANSWERS[] = {
		[NOT_TRIED] = ANSWER_UNKNOWN, [TRIED_YES] = ANSWER_YES, [TRIED_NO] = ANSWER_NO,
		[TRIED_BLOCKED] = ANSWER_BLOCKED, [TRIED_UNKNOWN] = ANSWER_UNKNOWN,
	};

	if (e->whole.outcome == TRIED_BLOCKED) {
		blocked_by(e, NULL, OPERATION_LOAD, e->whole.error, out);
		return;
	}
	finding_set(out, ANSWERS[e->whole.outcome],
		    e->whole.outcome == NOT_TRIED ? CLASS_UNKNOWN : e->whole.class, "%s",
		    e->whole.outcome == NOT_TRIED ? "it was not tried" : e->whole.reason);
	out->error = e->whole.error;
}

void item_environment(const struct evidence *e, struct finding *out)
{
	const struct policy *policy = &e->facts->policy;

	if (policy->container.truth == TRUTH_YES)
		finding_set(out, ANSWER_YES, CLASS_NONE, "in a container (%s): the kernel is the host's, "
			    "os-release the image's; --host-root reads a mounted host",
			    policy->container_kind);
	else if (policy->wsl.truth == TRUTH_YES)
		item_pass(out, "Microsoft's kernel for Windows");
	else
		item_pass(out, "no container");
}
