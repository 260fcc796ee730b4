/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "host/inquiry.h"
#include "host/probe_json.h"

static const char *const NAMES[QUESTIONS] = {
	[ASKED_PROGRAM] = "program", [ASKED_HELPER] = "helper", [ASKED_KFUNC] = "kfunc",
	[ASKED_MAP] = "map", [ASKED_FEATURE] = "feature", [ASKED_TRACEPOINT] = "tracepoint",
	[ASKED_RAW_TRACEPOINT] = "raw_tracepoint", [ASKED_UPROBE] = "uprobe",
	[ASKED_BTF] = "btf", [ASKED_SYMBOL] = "symbol",
};

static int add_symbol(json_t *json, const struct symbol *symbol)
{
	const char type[] = { symbol->type, '\0' };
	json_t *more = json_pack("{s:s, s:b, s:i, s:o, s:o, s:o, s:o}", "type", type,
				 "hidden", symbol->hidden, "count", (int)symbol->count,
				 "module", bytes_to_json(symbol->module),
				 "near", bytes_to_json(symbol->near),
				 "traceable", probe_to_json(symbol->traceable),
				 "blacklisted", probe_to_json(symbol->blacklisted));
	int failed = !more || json_object_update(json, more);

	json_decref(more);
	return failed;
}

static int add_answer(json_t *document, const struct answer *answer)
{
	json_t *object = json_object_get(document, NAMES[answer->question]);
	json_t *json = probe_to_json(answer->probe);

	if (json && answer->symbol && add_symbol(json, answer->symbol)) {
		json_decref(json);
		return -1;
	}
	return json_object_set_new(object, answer->name, json);
}

json_t *inquiry_to_json(const struct inquiry *inquiry)
{
	json_t *document = json_object();
	bool failed = !document;
	size_t i;

	for (i = 0; !failed && i < QUESTIONS; i++)
		failed = json_object_set_new(document, NAMES[i], json_object()) != 0;
	for (i = 0; !failed && inquiry && i < inquiry->count; i++)
		failed = add_answer(document, &inquiry->answers[i]) != 0;
	if (failed) {
		json_decref(document);
		return NULL;
	}
	return document;
}

static int read_symbol(const json_t *json, const char *key, const char *name,
		       struct inquiry *inquiry, struct error *err)
{
	struct symbol symbol = { .name = name };
	char type[2] = "", part[QUESTION_NAME_SIZE];
	int code = probe_from_json(json, key, &symbol.found, err);

	if (!code)
		code = text_from_json(json_object_get(json, "type"), key, type, sizeof(type), err);
	if (!code)
		code = text_from_json(json_object_get(json, "module"), key, symbol.module,
				      sizeof(symbol.module), err);
	if (!code)
		code = text_from_json(json_object_get(json, "near"), key, symbol.near,
				      sizeof(symbol.near), err);
	snprintf(part, sizeof(part), "%.480s.traceable", key);
	if (!code)
		code = probe_from_json(json_object_get(json, "traceable"), part, &symbol.traceable,
				       err);
	snprintf(part, sizeof(part), "%.480s.blacklisted", key);
	if (!code)
		code = probe_from_json(json_object_get(json, "blacklisted"), part,
				       &symbol.blacklisted, err);
	if (code)
		return code;
	symbol.type = type[0];
	symbol.hidden = json_is_true(json_object_get(json, "hidden"));
	symbol.count = (uint32_t)json_integer_value(json_object_get(json, "count"));
	code = inquiry_note_symbol(inquiry, &symbol);
	return code ? error_errno(err, code, "%s", key) : 0;
}

static int read_answer(enum question question, const char *name, const json_t *json,
		       struct inquiry *inquiry, struct error *err)
{
	char key[QUESTION_NAME_SIZE];
	struct probe probe;
	int code;

	snprintf(key, sizeof(key), "answers.%s.%s", NAMES[question], name);
	if (question == ASKED_SYMBOL)
		return read_symbol(json, key, name, inquiry, err);
	code = probe_from_json(json, key, &probe, err);
	if (!code)
		inquiry_note(inquiry, question, name, probe);
	return code;
}

int inquiry_from_json(const json_t *document, struct inquiry *inquiry, struct error *err)
{
	int code = 0;
	size_t i;
	void *at;

	for (i = 0; i < QUESTIONS; i++) {
		json_t *object = json_object_get(document, NAMES[i]);

		if (object && !json_is_object(object))
			return error_set(err, -EBADMSG, "answers.%s: is no object", NAMES[i]);
		for (at = json_object_iter(object); !code && at;
		     at = json_object_iter_next(object, at))
			code = read_answer((enum question)i, json_object_iter_key(at),
					   json_object_iter_value(at), inquiry, err);
	}
	return code;
}
