/* SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include "host/bpf_names.h"

#include "checker/report.h"

/* Text that came from outside may be no UTF-8, which JSON cannot carry. */
static json_t *text_json(const char *text)
{
	json_t *string = json_string(text);

	return string ? string : json_string("");
}

/* Appends and takes item; false, and both are gone, when that fails. */
static bool append(json_t *list, json_t *item)
{
	return json_array_append_new(list, item) == 0;
}

static json_t *finish(json_t *list, bool whole)
{
	if (whole)
		return list;
	json_decref(list);
	return NULL;
}

static json_t *object_json(const struct report *report)
{
	return json_pack("{s:o, s:b, s:o, s:s?}", "name", text_json(report->object->name),
			 "given", report->object_given, "license", text_json(report->object->license),
			 "needs_kernel_btf", report->needs.kernel_btf);
}

/* Only what says something is there besides the answer. */
static json_t *finding_json(const struct finding *finding, const char *answer)
{
	bool says = finding->answer > ANSWER_YES;

	return json_pack("{s:s, s:s*, s:s*, s:o*, s:o*}", "answer", answer,
			 "class", says ? failure_class_name(finding->class) : NULL,
			 "errno", says && finding->error ? strerrorname_np(finding->error) : NULL,
			 "reason", finding->reason[0] ? text_json(finding->reason) : NULL,
			 "remedy", finding->remedy[0] && says ? text_json(finding->remedy) : NULL);
}

static json_t *levels_json(const struct finding *levels)
{
	static const char *const ANSWERS[] = {
		[ANSWER_SKIP] = "skip", [ANSWER_YES] = "yes", [ANSWER_UNKNOWN] = "unknown",
		[ANSWER_BLOCKED] = "blocked", [ANSWER_NO] = "no",
	};
	json_t *object = json_object();
	bool whole = object != NULL;
	size_t i;

	for (i = 0; whole && i < LEVELS; i++)
		whole = json_object_set_new(object, level_name((enum level)i),
					    finding_json(&levels[i], ANSWERS[levels[i].answer])) == 0;
	return finish(object, whole);
}

static json_t *helpers_json(const struct program_needs *program)
{
	json_t *names = json_array();
	char name[BPF_NAME_SIZE];
	bool whole = true;
	size_t i;

	for (i = 0; whole && i < program->helper_count; i++)
		whole = append(names, json_string(bpf_helper_name(program->helpers[i], name)));
	return finish(names, whole);
}

static json_t *kfuncs_json(const struct program_needs *program)
{
	json_t *names = json_array();
	bool whole = true;
	size_t i;

	for (i = 0; whole && i < program->kfunc_count; i++)
		whole = append(names, text_json(program->kfuncs[i]));
	return finish(names, whole);
}

static json_t *program_json(const struct report *report, size_t place)
{
	static const char *const KINDS[] = {
		[ATTACH_OTHER] = "other", [ATTACH_KPROBE] = "kprobe",
		[ATTACH_KPROBE_MULTI] = "kprobe_multi", [ATTACH_KSYSCALL] = "ksyscall",
		[ATTACH_TRACEPOINT] = "tracepoint", [ATTACH_RAW_TRACEPOINT] = "raw_tracepoint",
		[ATTACH_FENTRY] = "fentry", [ATTACH_LSM] = "lsm", [ATTACH_ITER] = "iter",
		[ATTACH_UPROBE] = "uprobe", [ATTACH_USDT] = "usdt",
	};
	static const char *const STATES[] = {
		[PROGRAM_LOADED] = "loaded", [PROGRAM_ALTERNATIVE] = "alternative",
		[PROGRAM_OFF] = "off",
	};
	const struct program_needs *program = &report->needs.programs[place];
	char type[BPF_NAME_SIZE];

	return json_pack("{s:o, s:o, s:s, s:{s:s, s:o}, s:b, s:s?, s:s?, s:s, s:o, s:o, s:o}",
			 "name", text_json(program->name), "section", text_json(program->section),
			 "type", bpf_program_type_name(program->type, type),
			 "attach", "kind", KINDS[program->attach], "target", text_json(program->target),
			 "optional", program->optional, "alternative", program->alternative,
			 "needs_kernel_btf", program->kernel_btf,
			 "state", STATES[plan_state(&report->plan, program)],
			 "helpers", helpers_json(program), "kfuncs", kfuncs_json(program),
			 "levels", levels_json(report->levels[place]));
}

static json_t *programs_json(const struct report *report)
{
	json_t *programs = json_array();
	bool whole = true;
	size_t i;

	for (i = 0; whole && i < report->needs.program_count; i++)
		whole = append(programs, program_json(report, i));
	return finish(programs, whole);
}

static json_t *items_json(const struct report *report)
{
	static const char *const ANSWERS[] = {
		[ANSWER_SKIP] = "skip", [ANSWER_YES] = "pass", [ANSWER_UNKNOWN] = "unknown",
		[ANSWER_BLOCKED] = "blocked", [ANSWER_NO] = "fail",
	};
	json_t *items = json_array();
	bool whole = true;
	size_t i;

	for (i = 0; whole && i < ITEMS; i++) {
		const struct finding *finding = &report->items[i];
		json_t *item = json_pack("{s:s}", "id", item_id((enum item)i));
		json_t *rest = finding_json(finding, ANSWERS[finding->answer]);

		whole = json_object_update(item, rest) == 0;
		json_decref(rest);
		whole = append(items, item) && whole;
	}
	return finish(items, whole);
}

static json_t *plan_json(const struct report *report)
{
	static const char *const objects[] = {
		[OBJECT_NONE] = "none", [OBJECT_GIVEN] = "given", [OBJECT_INSTALLED] = "packed",
		[OBJECT_BUILT_HERE] = "built_here",
	};
	static const char *const events[] = {
		[EVENTS_RINGBUF] = "ring_buffer", [EVENTS_PERF] = "perf_buffer",
		[EVENTS_PERF_INSTEAD] = "perf_buffer",
	};
	const struct plan *plan = &report->plan;
	json_t *off = json_array();
	bool whole = true;
	size_t i;

	for (i = 0; whole && i < plan->program_count; i++)
		whole = append(off, json_pack("{s:s, s:s?, s:s}", "program", plan->programs[i].name,
					      "replaced_by", plan->programs[i].replaced_by, "why",
					      plan->programs[i].why));
	return json_pack("{s:s, s:s, s:s, s:o, s:s?, s:o}", "row", decision_name(plan->decision),
			 "object", objects[plan->object], "btf", plan_btf_name(plan->btf), "btf_path",
			 text_json(report->btf_path), "events", events[report->events], "switched_off",
			 finish(off, whole));
}

static json_t *kernel_json(const struct payload *payload, size_t index)
{
	struct payload_kernel kernel = payload_kernel(payload, index);
	struct digest digest = payload_btf_digest(payload, kernel.btf);
	char hex[DIGEST_HEX_SIZE];

	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:I}", "arch", kernel.arch, "release",
			 kernel.release, "build", kernel.build, "distro", kernel.distro, "version_id",
			 kernel.version_id, "btf", digest_hex(&digest, hex), "size",
			 (json_int_t)payload_btf_size(payload, kernel.btf));
}

/* The builds around a kernel that is not packed; null where it is. */
static json_t *neighbours_json(const struct report *report)
{
	const struct selection *selection = &report->selection;
	const struct neighbours *around = &selection->neighbours;

	if (around->older + around->newer == 0)
		return json_null();
	return json_pack("{s:b, s:I, s:I, s:s, s:s}", "agree", around->agree,
			 "older", (json_int_t)around->older, "newer", (json_int_t)around->newer,
			 "first", payload_kernel(report->payload, around->first).release,
			 "last", payload_kernel(report->payload, around->last).release);
}

static json_t *stored_json(const struct report *report)
{
	static const char *const states[] = {
		[SELECTED] = "selected", [AMBIGUOUS] = "ambiguous", [NOT_PACKED] = "not_packed",
	};
	static const char *const rules[] = {
		[BY_RELEASE] = "release", [BY_BUILD] = "build", [BY_DISTRO] = "distro",
		[BY_NEIGHBOURS] = "neighbours",
	};
	const struct selection *selection = &report->selection;
	bool selected = selection->state == SELECTED, whole = true;
	json_t *candidates;
	size_t i;

	if (!report->payload)
		return json_null();
	candidates = json_array();
	for (i = 0; whole && selection->state == AMBIGUOUS && i < selection->count; i++)
		whole = append(candidates, kernel_json(report->payload, selection->first + i));
	for (i = 0; whole && selection->state == NOT_PACKED && i < selection->nearest_count; i++)
		whole = append(candidates, kernel_json(report->payload, selection->nearest[i]));
	return json_pack("{s:s, s:s?, s:o, s:o, s:o}", "state", states[selection->state], "rule",
			 selected ? rules[selection->rule] : NULL, "kernel",
			 selected ? kernel_json(report->payload, selection->kernel) : json_null(),
			 "candidates", finish(candidates, whole), "neighbours", neighbours_json(report));
}

/* The names of the programs that come to a question, and of those that merely have it. */
static json_t *askers_json(const struct report *report, size_t question, bool *guarded)
{
	json_t *names = json_array();
	bool whole = true;
	size_t i;

	*guarded = true;
	for (i = 0; whole && i < report->needs.program_count; i++) {
		enum use use = evidence_use(&report->evidence, i, question);

		if (use == USE_NONE)
			continue;
		*guarded &= use == USE_GUARDED;
		whole = append(names, text_json(report->needs.programs[i].name));
	}
	return finish(names, whole);
}

static json_t *relocations_json(const struct report *report)
{
	json_t *missing = json_array(), *programs;
	char text[512];
	bool whole = true, guarded;
	size_t i;

	for (i = 0; whole && i < report->answers.count; i++) {
		uint8_t state = report->answers.states[i];

		if (state != ANSWERED_POISON && state != ANSWERED_ERROR)
			continue;
		reloset_describe(report->questions, i, text, sizeof(text));
		programs = askers_json(report, i, &guarded);
		whole = append(missing, json_pack("{s:o, s:s, s:b, s:o}", "relocation", text_json(text),
						  "outcome", state == ANSWERED_ERROR ? "refused" :
						  "poisoned", "guarded", guarded, "programs", programs));
	}
	return json_pack("{s:I, s:I, s:b, s:o}", "records",
			 (json_int_t)reloset_record_count(report->questions), "questions",
			 (json_int_t)reloset_question_count(report->questions), "resolved",
			 report->answers.states != NULL, "missing", finish(missing, whole));
}

static json_t *log_json(const char *log)
{
	json_t *lines = json_array();
	const char *end;
	bool whole = true;

	for (; whole && *log; log = *end ? end + 1 : end) {
		end = strchrnul(log, '\n');
		/* Its first line may start in the middle of a character. */
		json_t *text = json_stringn(log, (size_t)(end - log));

		whole = append(lines, text ? text : json_string(""));
	}
	return finish(lines, whole);
}

static json_t *trial_json(const struct trial *trial)
{
	static const char *const outcomes[] = {
		[TRIAL_NOT_KNOWN] = "not_known", [TRIAL_YES] = "yes", [TRIAL_NO] = "no",
		[TRIAL_BLOCKED] = "blocked",
	};

	return json_pack("{s:s, s:s?, s:o, s:o}", "outcome", outcomes[trial->outcome], "errno",
			 trial->error ? strerrorname_np(trial->error) : NULL, "reason",
			 text_json(trial->reason), "log", log_json(trial->log));
}

/* The fields of one state, with what there is to say about each. */
static json_t *canary_fields_json(const struct canary_report *canary, enum canary_state state)
{
	json_t *fields = json_array();
	bool whole = true;
	size_t i;

	for (i = 0; whole && i < canary->count; i++) {
		const struct canary_check *check = &canary->checks[i];

		if (check->state != state)
			continue;
		whole = append(fields, state == CANARY_UNCHECKED ?
			       json_pack("{s:s, s:o}", "field", check->field, "reason",
					 text_json(check->expected)) :
			       json_pack("{s:s, s:o, s:o}", "field", check->field, "read",
					 text_json(check->read), "expected",
					 text_json(check->expected)));
	}
	return finish(fields, whole);
}

static json_t *canary_json(const struct trial *trial)
{
	static const char *const outcomes[] = {
		[CANARY_NOT_RUN] = "not_run", [CANARY_AGREES] = "match",
		[CANARY_DISAGREES] = "mismatch", [CANARY_FAILED] = "failed",
	};

	return json_pack("{s:s, s:o, s:I, s:o, s:o}", "outcome", outcomes[trial->canary_outcome],
			 "reason", text_json(trial->canary_reason), "matched",
			 (json_int_t)trial->canary.matched, "mismatched",
			 canary_fields_json(&trial->canary, CANARY_MISMATCH), "unchecked",
			 canary_fields_json(&trial->canary, CANARY_UNCHECKED));
}

json_t *report_to_json(const struct report *report)
{
	return json_pack("{s:i, s:s, s:i, s:s, s:o, s:o, s:{s:s, s:s}, s:o, s:o, s:o, s:o, s:o, s:o, s:o,"
			 "s:o, s:o}",
			 "schema", 1, "verdict", verdict_name(report->verdict), "exit", report->status,
			 "class", failure_class_name(report->class), "reason",
			 text_json(report->reason), "remedy", text_json(report->remedy),
			 "app", "name", report->app, "version", report->app_version,
			 "facts", facts_to_json(&report->facts, false), "object", object_json(report),
			 "programs", programs_json(report), "items", items_json(report),
			 "plan", plan_json(report), "stored", stored_json(report),
			 "relocations", relocations_json(report), "canary", canary_json(&report->trial),
			 "trial", trial_json(&report->trial));
}
