/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <nettle/base64.h>

#include "host/probe_json.h"

#include "checker/record.h"

static const char *const OUTCOMES[] = {
	[TRIAL_NOT_KNOWN] = "not_known", [TRIAL_YES] = "yes", [TRIAL_NO] = "no",
	[TRIAL_BLOCKED] = "blocked",
};

static const char *const CANARIES[] = {
	[CANARY_NOT_RUN] = "not_run", [CANARY_AGREES] = "match", [CANARY_DISAGREES] = "mismatch",
	[CANARY_FAILED] = "failed",
};

static struct digest object_digest(const struct input *input)
{
	return digest_of(buffer_slice(&input->object_bytes));
}

static void add_text(struct digest_state *state, const char *text)
{
	digest_update(state, text ? text : "", text ? strlen(text) + 1 : 1);
}

/* All that decides how the object is loaded, besides the object and the kernel. */
static struct digest load_digest(const struct report *report, const struct input *input,
				 struct slice btf)
{
	const struct plan *plan = &report->plan;
	struct digest_state state;
	size_t i;

	digest_init(&state);
	add_text(&state, decision_name(plan->decision));
	for (i = 0; i < plan->program_count; i++) {
		add_text(&state, plan->programs[i].name);
		add_text(&state, plan->programs[i].replaced_by);
	}
	if (plan->btf == BTF_GIVEN || plan->btf == BTF_STORED)
		digest_update(&state, btf.data, btf.size);
	digest_update(&state, input->canary.data, input->canary.size);
	return digest_final(&state);
}

static json_t *bytes_to_base64(struct slice bytes)
{
	char *text = malloc(BASE64_ENCODE_RAW_LENGTH(bytes.size));
	json_t *json = NULL;

	if (text) {
		base64_encode_raw(text, bytes.size, bytes.data);
		json = json_stringn(text, BASE64_ENCODE_RAW_LENGTH(bytes.size));
	}
	free(text);
	return json;
}

static const char *const ATTEMPTS[] = {
	[NOT_TRIED] = "not_tried", [TRIED_YES] = "yes", [TRIED_NO] = "no",
	[TRIED_BLOCKED] = "blocked", [TRIED_UNKNOWN] = "unknown",
};

static json_t *attempt_to_json(const struct attempt *attempt)
{
	char name[16];

	return json_pack("{s:s, s:s*, s:s*, s:o*}", "outcome", ATTEMPTS[attempt->outcome],
			 "class", attempt->class ? failure_class_name(attempt->class) : NULL,
			 "errno", errno_to_text(attempt->error, name),
			 "reason", attempt->reason[0] ? bytes_to_json(attempt->reason) : NULL);
}

/* In the order of the object's programs. */
static json_t *programs_to_json(const struct report *report)
{
	json_t *programs = json_array();
	size_t i;

	for (i = 0; report->trial.programs && i < report->needs.program_count; i++) {
		const struct program_trial *program = &report->trial.programs[i];

		if (json_array_append_new(programs,
					  json_pack("{s:o, s:o}", "load", attempt_to_json(&program->load),
						    "attach", attempt_to_json(&program->attach)))) {
			json_decref(programs);
			return NULL;
		}
	}
	return programs;
}

static json_t *trial_to_json(const struct report *report)
{
	const struct trial *trial = &report->trial;
	char name[16];

	return json_pack("{s:s, s:s*, s:s*, s:b, s:o, s:{s:s, s:o, s:I, s:I}, s:o}", "outcome",
			 OUTCOMES[trial->outcome], "class",
			 trial->class ? failure_class_name(trial->class) : NULL, "errno",
			 errno_to_text(trial->error, name),
			 "without_optional", trial->without_optional, "reason",
			 bytes_to_json(trial->reason), "canary", "outcome",
			 CANARIES[trial->canary_outcome], "reason", bytes_to_json(trial->canary_reason),
			 "matched", (json_int_t)trial->canary.matched, "count",
			 (json_int_t)trial->canary.count, "programs", programs_to_json(report));
}

int record_write(const struct report *report, const struct input *input, struct slice btf,
		 struct slice reduced_btf, json_t *document, struct error *err)
{
	struct digest object = object_digest(input), load = load_digest(report, input, btf);
	struct digest questions = reloset_fingerprint(report->questions);
	char object_hex[DIGEST_HEX_SIZE], load_hex[DIGEST_HEX_SIZE], questions_hex[DIGEST_HEX_SIZE];
	json_t *reduced = NULL, *record;

	if (reduced_btf.size && report->needs.relocations) {
		reduced = bytes_to_base64(reduced_btf);
		if (!reduced)
			return error_errno(err, -ENOMEM, "BTF");
	}
	record = json_pack("{s:o, s:s, s:s, s:s, s:o*, s:o*}", "name",
			   bytes_to_json(input->object_name), "sha256", digest_hex(&object, object_hex),
			   "load", digest_hex(&load, load_hex), "questions",
			   digest_hex(&questions, questions_hex), "btf", reduced, "trial",
			   report->untried ? NULL : trial_to_json(report));
	return json_object_set_new(document, "object", record) ?
	       error_errno(err, -ENOMEM, "facts") : 0;
}

int record_read_btf(const json_t *document, const struct reloset *questions, struct buffer *btf,
		    struct error *err)
{
	const json_t *record = json_object_get(document, "object");
	const char *text = json_string_value(json_object_get(record, "btf"));
	const char *asked = json_string_value(json_object_get(record, "questions"));
	struct digest digest = reloset_fingerprint(questions);
	char hex[DIGEST_HEX_SIZE];
	struct base64_decode_ctx context;
	size_t size;

	if (!text || !asked || strcmp(asked, digest_hex(&digest, hex)) != 0)
		return 0;
	if (buffer_reserve(btf, BASE64_DECODE_LENGTH(strlen(text))))
		return error_errno(err, -ENOMEM, "object.btf");
	base64_decode_init(&context);
	if (!base64_decode_update(&context, &size, btf->data, strlen(text), text) ||
	    !base64_decode_final(&context))
		return error_set(err, -EBADMSG, "object.btf: is no base64");
	btf->size = size;
	return 0;
}

/* The place of a word in a list; -EBADMSG when it is not there. */
static int find_word(const json_t *json, const char *key, const char *const *words, int count,
		     struct error *err)
{
	const char *word = json_string_value(json_object_get(json, "outcome"));
	int i;

	for (i = 0; word && i < count; i++)
		if (strcmp(word, words[i]) == 0)
			return i;
	return error_set(err, -EBADMSG, "%s.outcome: is no outcome", key);
}

/* CLASS_NONE where none is written, or one that a newer program knows. */
static enum failure_class class_from_json(const json_t *json)
{
	const char *word = json_string_value(json_object_get(json, "class"));
	enum failure_class class;

	for (class = CLASS_NONE; word && class <= CLASS_UNKNOWN; class++)
		if (strcmp(word, failure_class_name(class)) == 0)
			return class;
	return CLASS_NONE;
}

static int attempt_from_json(const json_t *json, struct attempt *out, struct error *err)
{
	static const char key[] = "object.trial.programs";
	const json_t *reason = json_object_get(json, "reason");
	int outcome = find_word(json, key, ATTEMPTS, TRIED_UNKNOWN + 1, err), code;

	if (outcome < 0)
		return outcome;
	out->outcome = (enum attempt_outcome)outcome;
	out->class = class_from_json(json);
	code = errno_from_json(json_object_get(json, "errno"), key, &out->error, err);
	if (!code && reason)
		code = text_from_json(reason, key, out->reason, sizeof(out->reason), err);
	return code;
}

static int programs_from_json(const json_t *list, size_t count, struct trial *out,
			      struct error *err)
{
	size_t i;
	int code = 0;

	/* Facts of a version that noted only the whole: nothing is known of each. */
	if (!list)
		return 0;
	if (json_array_size(list) != count)
		return error_set(err, -EBADMSG, "object.trial.programs: are not those of the object");
	out->programs = calloc(count + 1, sizeof(*out->programs));
	if (!out->programs)
		return error_errno(err, -ENOMEM, "object.trial.programs");
	for (i = 0; !code && i < count; i++) {
		const json_t *program = json_array_get(list, i);

		code = attempt_from_json(json_object_get(program, "load"), &out->programs[i].load, err);
		if (!code)
			code = attempt_from_json(json_object_get(program, "attach"),
						 &out->programs[i].attach, err);
	}
	return code;
}

static int trial_from_json(const json_t *json, size_t program_count, struct trial *out,
			   struct error *err)
{
	const json_t *canary = json_object_get(json, "canary");
	int outcome, code;

	outcome = find_word(json, "object.trial", OUTCOMES, TRIAL_BLOCKED + 1, err);
	if (outcome < 0)
		return outcome;
	out->outcome = (enum trial_outcome)outcome;
	outcome = find_word(canary, "object.trial.canary", CANARIES, CANARY_FAILED + 1, err);
	if (outcome < 0)
		return outcome;
	out->canary_outcome = (enum canary_outcome)outcome;
	out->class = class_from_json(json);
	out->without_optional = json_is_true(json_object_get(json, "without_optional"));
	out->canary.matched = (size_t)json_integer_value(json_object_get(canary, "matched"));
	out->canary.count = (size_t)json_integer_value(json_object_get(canary, "count"));
	if (out->canary.count > CANARY_MAX_CHECKS || out->canary.matched > out->canary.count)
		return error_set(err, -EBADMSG, "object.trial.canary: has counts that cannot be");
	code = errno_from_json(json_object_get(json, "errno"), "object.trial", &out->error, err);
	if (!code)
		code = text_from_json(json_object_get(json, "reason"), "object.trial.reason",
				      out->reason, sizeof(out->reason), err);
	if (!code)
		code = text_from_json(json_object_get(canary, "reason"), "object.trial.canary.reason",
				      out->canary_reason, sizeof(out->canary_reason), err);
	if (!code)
		code = programs_from_json(json_object_get(json, "programs"), program_count, out, err);
	return code;
}

static bool is_digest(const json_t *record, const char *key, struct digest digest)
{
	const char *text = json_string_value(json_object_get(record, key));
	char hex[DIGEST_HEX_SIZE];

	return text && strcmp(text, digest_hex(&digest, hex)) == 0;
}

int record_read_trial(const json_t *document, const struct input *input, struct slice btf,
		      struct report *report, struct error *err)
{
	const json_t *record = json_object_get(document, "object");
	const json_t *trial = json_object_get(record, "trial");

	report->untried = true;
	if (!trial)
		trial_skip(&report->trial, "these facts were taken without a trial of the object.");
	else if (!is_digest(record, "sha256", object_digest(input)))
		trial_skip(&report->trial, "these facts were taken with a trial of another object.");
	else if (!is_digest(record, "load", load_digest(report, input, btf)))
		trial_skip(&report->trial, "these facts were taken with a trial under another plan (BTF, "
			   "programs or canary).");
	else
		report->untried = false;
	if (report->untried)
		return 0;
	report->trial = (struct trial){ .outcome = TRIAL_NOT_KNOWN };
	return trial_from_json(trial, report->needs.program_count, &report->trial, err);
}
