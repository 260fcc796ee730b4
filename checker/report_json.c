/* SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

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
	json_t *programs = json_array();
	bool whole = true;
	size_t i;

	for (i = 0; whole && i < report->needs.program_count; i++) {
		const struct program_needs *program = &report->needs.programs[i];

		whole = append(programs, json_pack("{s:s, s:s, s:s?, s:s?, s:b}", "name", program->name,
						   "section", program->section, "needs_kernel_btf",
						   program->kernel_btf, "alternative",
						   program->alternative, "optional",
						   program->optional));
	}
	return json_pack("{s:o, s:b, s:o, s:s?, s:o}", "name", text_json(report->object->name),
			 "given", report->object_given, "license", text_json(report->object->license),
			 "needs_kernel_btf", report->needs.kernel_btf, "programs",
			 finish(programs, whole));
}

static json_t *plan_json(const struct report *report)
{
	static const char *const objects[] = {
		[OBJECT_NONE] = "none", [OBJECT_GIVEN] = "given", [OBJECT_INSTALLED] = "packed",
		[OBJECT_BUILT_HERE] = "built_here",
	};
	static const char *const btfs[] = {
		[BTF_NONE] = "none", [BTF_KERNEL] = "kernel", [BTF_GIVEN] = "given",
		[BTF_STORED] = "stored",
	};
	const struct plan *plan = &report->plan;
	json_t *off = json_array();
	bool whole = true;
	size_t i;

	for (i = 0; whole && i < plan->program_count; i++)
		whole = append(off, json_pack("{s:s, s:s?, s:s}", "program", plan->programs[i].name,
					      "replaced_by", plan->programs[i].replaced_by, "why",
					      plan->programs[i].why));
	return json_pack("{s:s, s:s, s:s, s:o, s:o}", "row", decision_name(plan->decision), "object",
			 objects[plan->object], "btf", btfs[plan->btf], "btf_path",
			 text_json(report->btf_path), "switched_off", finish(off, whole));
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

static json_t *stored_json(const struct report *report)
{
	static const char *const states[] = {
		[SELECTED] = "selected", [AMBIGUOUS] = "ambiguous", [NOT_PACKED] = "not_packed",
	};
	static const char *const rules[] = {
		[BY_RELEASE] = "release", [BY_BUILD] = "build", [BY_DISTRO] = "distro",
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
	return json_pack("{s:s, s:s?, s:o, s:o}", "state", states[selection->state], "rule",
			 selected ? rules[selection->rule] : NULL, "kernel",
			 selected ? kernel_json(report->payload, selection->kernel) : json_null(),
			 "candidates", finish(candidates, whole));
}

static json_t *relocations_json(const struct report *report)
{
	json_t *missing = json_array();
	const char *object, *program;
	char text[512];
	bool whole = true;
	size_t i;

	for (i = 0; whole && i < report->answers.count; i++) {
		uint8_t state = report->answers.states[i];

		if (state != ANSWERED_POISON && state != ANSWERED_ERROR)
			continue;
		reloset_first_use(report->questions, i, &object, &program);
		whole = append(missing, json_pack("{s:s, s:s, s:s}", "relocation",
						  reloset_describe(report->questions, i, text,
								   sizeof(text)),
						  "outcome", state == ANSWERED_ERROR ? "refused" :
						  "poisoned", "program", program));
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
	static const char *const verdicts[] = {
		[WILL_RUN] = "will_run", [WILL_NOT_RUN] = "will_not_run",
		[NEEDS_BUILD] = "needs_build", [NOT_KNOWN] = "not_known",
	};

	return json_pack("{s:i, s:s, s:i, s:o, s:o, s:{s:s, s:s}, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
			 "schema", 1, "verdict", verdicts[report->verdict], "exit", report->status,
			 "reason", text_json(report->reason), "remedy", text_json(report->remedy),
			 "app", "name", report->app, "version", report->app_version,
			 "facts", facts_to_json(&report->facts), "object", object_json(report),
			 "plan", plan_json(report), "stored", stored_json(report),
			 "relocations", relocations_json(report), "canary", canary_json(&report->trial),
			 "trial", trial_json(&report->trial));
}
