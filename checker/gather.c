/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/ask.h"
#include "decide/helpers.h"
#include "decide/reach.h"

#include "checker/gather.h"
#include "checker/gather_symbols.h"

static bool ends_with(const char *text, size_t length, const char *end)
{
	size_t size = strlen(end);

	return length >= size && memcmp(text + length - size, end, size) == 0;
}

static struct asked_program asked(const struct program_needs *program)
{
	return (struct asked_program){
		.type = program->type,
		.attach_type = program->attach_type,
		.sleepable = ends_with(program->section, strcspn(program->section, "/"), ".s"),
		.target = program->target,
	};
}

/* Where a program attaches, for what is told by other means than symbols. */
static struct probe ask_place(const struct facts *facts, const struct program_needs *program)
{
	const struct asked_program question = asked(program);
	const char *slash = strchr(program->target, '/'), *colon = strrchr(program->target, ':');
	char part[256];

	switch (program->attach) {
	case ATTACH_TRACEPOINT:
		if (!slash)
			return probe_unknown(0);
		snprintf(part, sizeof(part), "%.*s", (int)(slash - program->target), program->target);
		return ask_tracepoint(facts, part, slash + 1);
	case ATTACH_RAW_TRACEPOINT:
		return program->type == BPF_PROG_TYPE_TRACING ? ask_target(facts, &question) :
		       ask_raw_tracepoint(facts, program->target);
	case ATTACH_FENTRY:
	case ATTACH_LSM:
	case ATTACH_ITER:
		return ask_target(facts, &question);
	case ATTACH_UPROBE:
		if (!colon)
			return probe_unknown(0);
		snprintf(part, sizeof(part), "%.*s", (int)(colon - program->target), program->target);
		return ask_uprobe(facts, part, colon + 1);
	case ATTACH_USDT:
		snprintf(part, sizeof(part), "%.*s", (int)strcspn(program->target, ":"),
			 program->target);
		return ask_uprobe(facts, part, "");
	default:
		return probe_unknown(0);
	}
}

/* libbpf has found these when it loaded the program. */
static bool is_proven_by_loading(const struct program_needs *program)
{
	return program->attach == ATTACH_FENTRY || program->attach == ATTACH_LSM ||
	       program->attach == ATTACH_ITER || program->type == BPF_PROG_TYPE_TRACING;
}

static bool is_ringbuf_helper(uint32_t helper)
{
	return (helper >= BPF_FUNC_ringbuf_output && helper <= BPF_FUNC_ringbuf_query) ||
	       (helper >= BPF_FUNC_ringbuf_reserve_dynptr &&
		helper <= BPF_FUNC_ringbuf_discard_dynptr);
}

/*
 * Where a perf buffer stands in for the ring buffer, the verifier does not come to the calls that
 * fill the latter; but to those for another ring buffer.
 */
static bool is_closed(const struct report *report, const struct program_needs *program,
		      uint32_t helper)
{
	const struct object *object = report->object;
	size_t i;

	if (report->events != EVENTS_PERF_INSTEAD || !is_ringbuf_helper(helper))
		return false;
	for (i = 0; i < program->map_count; i++) {
		const struct object_map *map = &object->maps[program->maps[i]];

		if (map->type == BPF_MAP_TYPE_RINGBUF && strcmp(map->name, report->events_map) != 0)
			return false;
	}
	return true;
}

static void gather_program(struct report *report, size_t place, bool thorough)
{
	const struct facts *facts = &report->facts;
	const struct program_needs *program = &report->needs.programs[place];
	struct program_evidence *known = &report->evidence.programs[place];
	const struct asked_program question = asked(program);
	const char *slash = strchr(program->target, '/');
	bool loaded = known->load.outcome == TRIED_YES;
	bool gpl = license_is_gpl(report->object->license);
	char category[128];
	size_t i;

	if (!program->typed ||
	    (!thorough && plan_state(&report->plan, program) == PROGRAM_OFF))
		return;
	if (loaded && is_proven_by_loading(program))
		known->place = probe_yes();
	else if (known->place.truth == TRUTH_UNKNOWN && program->target[0])
		known->place = ask_place(facts, program);
	if (program->attach == ATTACH_TRACEPOINT && slash && known->context_end > 0) {
		snprintf(category, sizeof(category), "%.*s", (int)(slash - program->target),
			 program->target);
		known->holds = ask_tracepoint_holds(facts, category, slash + 1, known->context_end);
	}
	if (loaded) {
		known->type = probe_yes();
		for (i = 0; i < program->helper_count; i++)
			known->helpers[i] = probe_yes();
		for (i = 0; i < program->kfunc_count; i++)
			known->kfuncs[i] = probe_yes();
		if (!thorough)
			return;
	}
	known->type = ask_program(facts, &question);
	for (i = 0; i < program->helper_count; i++)
		known->helpers[i] = is_closed(report, program, program->helpers[i]) ? probe_yes() :
				    ask_helper(facts, &question, program->helpers[i], gpl);
	for (i = 0; i < program->kfunc_count; i++)
		known->kfuncs[i] = ask_kfunc(facts, &question, program->kfuncs[i]);
}

static void gather_maps(struct report *report, bool thorough)
{
	bool loaded = report->evidence.whole.outcome == TRIED_YES;
	const struct object *object = report->object;
	size_t i;

	for (i = 0; i < object->map_count; i++) {
		const struct object_map *map = &object->maps[i];

		/* The ring buffer that a perf buffer stands in for is not made. */
		if ((loaded && !thorough) || (report->events == EVENTS_PERF_INSTEAD &&
					      strcmp(map->name, report->events_map) == 0))
			report->evidence.maps[i] = probe_yes();
		else if (map->type != BPF_MAP_TYPE_STRUCT_OPS)
			report->evidence.maps[i] = ask_map(&report->facts, map->type, map->key_size,
							   map->value_size, map->max_entries,
							   map->flags);
	}
}

static bool attaches_by(const struct needs *needs, enum attach_kind kind)
{
	size_t i;

	for (i = 0; i < needs->program_count; i++)
		if (needs->programs[i].attach == kind && needs->programs[i].target[0])
			return true;
	return false;
}

static void gather_features(struct report *report, bool thorough)
{
	struct evidence *evidence = &report->evidence;
	const struct facts *facts = &report->facts;
	const struct needs *needs = &report->needs;
	bool loaded = evidence->whole.outcome == TRIED_YES;
	bool by_uprobe = attaches_by(needs, ATTACH_UPROBE) || attaches_by(needs, ATTACH_USDT);

	if (thorough || by_uprobe || attaches_by(needs, ATTACH_TRACEPOINT) ||
	    attaches_by(needs, ATTACH_KPROBE) || attaches_by(needs, ATTACH_KSYSCALL))
		evidence->perf_event = ask_perf_event(facts);
	if (by_uprobe)
		evidence->uprobe_event = ask_uprobe_event(facts);
	if (attaches_by(needs, ATTACH_KPROBE_MULTI))
		evidence->kprobe_multi = ask_kprobe_multi(facts);
	if (attaches_by(needs, ATTACH_FENTRY) || attaches_by(needs, ATTACH_LSM))
		evidence->fentry = ask_fentry(facts);
	if (loaded && !thorough) {
		evidence->global_data = probe_yes();
		return;
	}
	evidence->global_data = ask_global_data(facts);
	evidence->memcg = ask_memcg_accounting(facts);
	evidence->selftest = ask_helpers_selftest(facts);
}

/* What one of a program's relocations came to. */
static void count_relocation(const struct report *report, uint32_t question, bool reached,
			     struct program_evidence *known)
{
	struct relocation_evidence *out = &known->relocations;
	uint8_t state = report->answers.states ? report->answers.states[question] : ANSWERED;
	bool fatal = state == ANSWERED_ERROR || (state == ANSWERED_POISON && reached);

	if (known->uses[question] != USE_REACHED)
		known->uses[question] = reached ? USE_REACHED : USE_GUARDED;
	out->count++;
	out->refused += state == ANSWERED_ERROR;
	out->missing += state == ANSWERED_POISON && reached;
	out->guarded += state == ANSWERED_POISON && !reached;
	if (fatal && !out->first[0])
		reloset_describe(report->questions, question, out->first, sizeof(out->first));
}

static int gather_relocations(struct report *report, struct error *err)
{
	const struct object *object = report->object;
	const bool resolved = report->answers.states != NULL;
	bool *reached = calloc(object->relo_count + 1, sizeof(*reached));
	struct reach *reach = NULL;
	size_t i, k;
	int code = reached ? reach_open(object, report->questions, 0, &reach) : -ENOMEM;

	for (i = 0; !code && i < object->program_count; i++) {
		memset(reached, 0, object->relo_count * sizeof(*reached));
		code = reach_code(reach, i, &report->answers, reached,
				  &report->evidence.programs[i].context_end);
		for (k = 0; !code && k < object->relo_count; k++) {
			uint32_t question = reloset_question_of(report->questions, 0, k);
			uint32_t program = object->relos[k].program;

			if (question != RELOSET_NONE &&
			    (program == i || reached[k] || (program == OBJECT_SUBPROGRAM && !resolved)))
				count_relocation(report, question, reached[k],
						 &report->evidence.programs[i]);
		}
	}
	reach_close(reach);
	free(reached);
	return code ? error_errno(err, code, "%s", object->name) : 0;
}

static void take_trial(struct report *report)
{
	static const enum attempt_outcome OUTCOMES[] = {
		[TRIAL_NOT_KNOWN] = TRIED_UNKNOWN, [TRIAL_YES] = TRIED_YES, [TRIAL_NO] = TRIED_NO,
		[TRIAL_BLOCKED] = TRIED_BLOCKED,
	};
	const struct trial *trial = &report->trial;
	struct evidence *evidence = &report->evidence;
	size_t i;

	if (!trial->programs)
		return;
	evidence->whole = (struct attempt){
		.outcome = OUTCOMES[trial->outcome],
		.class = trial->class,
		.error = trial->error,
	};
	snprintf(evidence->whole.reason, sizeof(evidence->whole.reason), "%s", trial->reason);
	for (i = 0; i < report->needs.program_count; i++) {
		evidence->programs[i].load = trial->programs[i].load;
		evidence->programs[i].attach = trial->programs[i].attach;
	}
}

int gather(struct report *report, bool thorough, struct error *err)
{
	size_t i;
	int code;

	code = evidence_init(&report->evidence, &report->facts, &report->needs, &report->plan,
			     reloset_question_count(report->questions), err);
	if (code)
		return code;
	report->evidence.elsewhere = report->untried;
	report->evidence.given = report->object_given;
	report->evidence.resolved = report->answers.states != NULL;
	take_trial(report);
	code = gather_relocations(report, err);
	if (code)
		return code;
	gather_features(report, thorough);
	gather_maps(report, thorough);
	code = gather_symbols(report, thorough, err);
	for (i = 0; !code && i < report->needs.program_count; i++)
		gather_program(report, i, thorough);
	return code;
}
