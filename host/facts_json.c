/* SPDX-License-Identifier: BSD-2-Clause */
/* Facts as a document, there and back from one table. */
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/facts.h"
#include "host/inquiry.h"
#include "host/kconfig_json.h"
#include "host/probe_json.h"

enum { SCHEMA = 1 };

enum field_type { FIELD_TEXT, FIELD_PROBE, FIELD_SETTING, FIELD_CAPABILITIES };

#define FIELD(object, key, type, member) \
	{ object, key, type, offsetof(struct facts, member), sizeof(((struct facts *)0)->member) }

/* object NULL: at the top. */
static const struct field {
	const char *object, *key;
	enum field_type type;
	size_t offset, size;
} FIELDS[] = {
	FIELD(NULL, "arch", FIELD_TEXT, arch),
	FIELD(NULL, "machine", FIELD_TEXT, machine),
	FIELD(NULL, "release", FIELD_TEXT, release),
	FIELD(NULL, "build", FIELD_TEXT, build),
	FIELD("os", "id", FIELD_TEXT, os.id),
	FIELD("os", "version_id", FIELD_TEXT, os.version_id),
	FIELD("os", "id_like", FIELD_TEXT, os.id_like),
	FIELD("os", "pretty_name", FIELD_TEXT, os.pretty_name),
	FIELD("btf", "kernel", FIELD_PROBE, kernel_has_btf),
	FIELD("btf", "kernel_problem", FIELD_TEXT, kernel_btf_problem),
	FIELD("btf", "source", FIELD_PROBE, btf_source),
	FIELD("btf", "source_path", FIELD_TEXT, btf_source_path),
	FIELD("probes", "bpf_syscall", FIELD_PROBE, bpf_syscall),
	FIELD("probes", "ringbuf", FIELD_PROBE, ringbuf),
	FIELD("probes", "cap_bpf", FIELD_PROBE, cap_bpf),
	FIELD("probes", "secure_exec", FIELD_PROBE, secure_exec),
	FIELD("process", "uid", FIELD_SETTING, policy.uid),
	FIELD("process", "initial_user_namespace", FIELD_PROBE, policy.initial_user_namespace),
	FIELD("process", "capabilities", FIELD_CAPABILITIES, policy.capabilities),
	FIELD("process", "bounding", FIELD_CAPABILITIES, policy.bounding),
	FIELD("process", "seccomp", FIELD_SETTING, policy.seccomp),
	FIELD("process", "no_new_privileges", FIELD_SETTING, policy.no_new_privileges),
	FIELD("process", "memlock", FIELD_SETTING, policy.memlock),
	FIELD("kernel", "lsms_known", FIELD_PROBE, policy.lsms_known),
	FIELD("kernel", "lsms", FIELD_TEXT, policy.lsms),
	FIELD("kernel", "perf_event_paranoid", FIELD_SETTING, policy.perf_event_paranoid),
	FIELD("kernel", "unprivileged_bpf_disabled", FIELD_SETTING,
	      policy.unprivileged_bpf_disabled),
	FIELD("kernel", "jit", FIELD_SETTING, policy.jit),
	FIELD("kernel", "ftrace", FIELD_SETTING, policy.ftrace),
	FIELD("kernel", "kptr_restrict", FIELD_SETTING, policy.kptr_restrict),
	FIELD("kernel", "kprobe_pmu", FIELD_SETTING, policy.kprobe_pmu),
	FIELD("kernel", "uprobe_pmu", FIELD_SETTING, policy.uprobe_pmu),
	FIELD("tracefs", "mounted", FIELD_PROBE, policy.tracefs_mounted),
	FIELD("tracefs", "readable", FIELD_PROBE, policy.tracefs_readable),
	FIELD("tracefs", "path", FIELD_TEXT, policy.tracefs_path),
	FIELD("tracefs", "kprobe_events", FIELD_PROBE, policy.kprobe_events),
	FIELD("tracefs", "uprobe_events", FIELD_PROBE, policy.uprobe_events),
	FIELD("surroundings", "container", FIELD_PROBE, policy.container),
	FIELD("surroundings", "container_kind", FIELD_TEXT, policy.container_kind),
	FIELD("surroundings", "wsl", FIELD_PROBE, policy.wsl),
};

static const char *const SCOPES[] = {
	[FACTS_RUNNING] = "running", [FACTS_INSTALLED] = "installed", [FACTS_FILES] = "files",
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Numbers as they are; capabilities as proc(5) has them, since JSON's numbers are too narrow. */
static json_t *setting_to_json(const struct setting *setting, bool hex)
{
	json_t *json = probe_to_json(setting->known), *value;
	char digits[32];

	if (!json || setting->known.truth != TRUTH_YES)
		return json;
	snprintf(digits, sizeof(digits), "%016llx", (unsigned long long)setting->value);
	value = hex ? json_string(digits) : json_integer(setting->value);
	if (json_object_set_new(json, "value", value)) {
		json_decref(json);
		return NULL;
	}
	return json;
}

static int setting_from_json(const json_t *json, const char *key, bool hex, struct setting *out,
			     struct error *err)
{
	const json_t *value = json_object_get(json, "value");
	int code = probe_from_json(json, key, &out->known, err);
	char *end;

	out->value = 0;
	if (code || out->known.truth != TRUTH_YES)
		return code;
	if (!(hex ? json_is_string(value) : json_is_integer(value)))
		return error_set(err, -EBADMSG, "%s.value: is no %s", key,
				 hex ? "string of hexadecimal digits" : "number");
	if (!hex) {
		out->value = json_integer_value(value);
		return 0;
	}
	out->value = (int64_t)strtoull(json_string_value(value), &end, 16);
	return *end || end == json_string_value(value) ?
	       error_set(err, -EBADMSG, "%s.value: is no string of hexadecimal digits", key) : 0;
}

static json_t *field_to_json(const struct field *field, const struct facts *facts)
{
	const void *member = (const char *)facts + field->offset;

	switch (field->type) {
	case FIELD_TEXT:
		return bytes_to_json(member);
	case FIELD_PROBE:
		return probe_to_json(*(const struct probe *)member);
	default:
		return setting_to_json(member, field->type == FIELD_CAPABILITIES);
	}
}

static int field_from_json(const struct field *field, const json_t *json, struct facts *facts,
			   struct error *err)
{
	void *member = (char *)facts + field->offset;
	char key[128];

	snprintf(key, sizeof(key), "%s%s%s", field->object ? field->object : "",
		 field->object ? "." : "", field->key);
	switch (field->type) {
	case FIELD_TEXT:
		return text_from_json(json, key, member, field->size, err);
	case FIELD_PROBE:
		return probe_from_json(json, key, member, err);
	default:
		return setting_from_json(json, key, field->type == FIELD_CAPABILITIES, member, err);
	}
}

/* The object of this name, made when it is not there yet; NULL when out of memory. */
static json_t *object_at(json_t *document, const char *name)
{
	json_t *object = name ? json_object_get(document, name) : document;

	if (!object && json_object_set_new(document, name, json_object()) == 0)
		object = json_object_get(document, name);
	return object;
}

static int add_lockdown(const struct policy *policy, json_t *kernel)
{
	char name[16];

	return json_object_set_new(kernel, "lockdown",
				   json_pack("{s:s, s:s*}", "mode", lockdown_name(policy->lockdown),
					     "errno", errno_to_text(policy->lockdown_error, name)));
}

json_t *facts_to_json(const struct facts *facts, bool whole)
{
	json_t *document = json_pack("{s:i, s:s}", "schema", SCHEMA, "scope", SCOPES[facts->scope]);
	bool failed = !document;
	size_t i;

	for (i = 0; !failed && i < COUNT(FIELDS); i++) {
		json_t *object = object_at(document, FIELDS[i].object);

		failed = !object || json_object_set_new(object, FIELDS[i].key,
							field_to_json(&FIELDS[i], facts));
	}
	failed = failed || add_lockdown(&facts->policy, json_object_get(document, "kernel")) ||
		 json_object_set_new(document, "kconfig", kconfig_to_json(facts, whole)) ||
		 json_object_set_new(document, "answers", inquiry_to_json(facts->inquiry));
	if (failed) {
		json_decref(document);
		return NULL;
	}
	return document;
}

static int read_scope(const json_t *document, struct facts *out, struct error *err)
{
	const json_t *schema = json_object_get(document, "schema");
	const char *scope = json_string_value(json_object_get(document, "scope"));
	size_t i;

	if (!json_is_integer(schema))
		return error_set(err, -EBADMSG, "schema: is no number, so these are no facts");
	if (json_integer_value(schema) != SCHEMA)
		return error_set(err, -ENOTSUP, "schema: is %lld, and this program knows %d",
				 (long long)json_integer_value(schema), SCHEMA);
	for (i = 0; scope && i < COUNT(SCOPES); i++) {
		if (strcmp(scope, SCOPES[i]) != 0)
			continue;
		out->scope = (enum facts_scope)i;
		return 0;
	}
	return error_set(err, -EBADMSG, "scope: is none of running, installed, files");
}

static int read_fields(const json_t *document, struct facts *out, struct error *err)
{
	size_t i;
	int code = 0;

	for (i = 0; !code && i < COUNT(FIELDS); i++) {
		const json_t *object = FIELDS[i].object ?
				       json_object_get(document, FIELDS[i].object) : document;
		const json_t *value = json_object_get(object, FIELDS[i].key);

		if (FIELDS[i].object && object && !json_is_object(object))
			return error_set(err, -EBADMSG, "%s: is no object", FIELDS[i].object);
		if (value)
			code = field_from_json(&FIELDS[i], value, out, err);
	}
	if (!code && !out->release[0])
		return error_set(err, -EBADMSG, "release: is not there");
	if (!code && !out->arch[0])
		return error_set(err, -EBADMSG, "arch: is not there");
	return code;
}

static int read_lockdown(const json_t *lockdown, struct policy *out, struct error *err)
{
	const char *mode = json_string_value(json_object_get(lockdown, "mode"));
	enum lockdown i;

	if (!lockdown)
		return 0;
	for (i = LOCKDOWN_UNKNOWN; mode && i <= LOCKDOWN_CONFIDENTIALITY; i++) {
		if (strcmp(mode, lockdown_name(i)) != 0)
			continue;
		out->lockdown = i;
		return errno_from_json(json_object_get(lockdown, "errno"), "kernel.lockdown",
				       &out->lockdown_error, err);
	}
	return error_set(err, -EBADMSG, "kernel.lockdown.mode: is no mode of lockdown");
}

int facts_from_json(const json_t *document, struct facts *out, struct error *err)
{
	int code;

	*out = (struct facts){ .recorded = true };
	code = read_scope(document, out, err);
	if (!code)
		code = read_fields(document, out, err);
	if (!code)
		code = read_lockdown(json_object_get(json_object_get(document, "kernel"), "lockdown"),
				     &out->policy, err);
	if (!code)
		code = kconfig_from_json(json_object_get(document, "kconfig"), out, err);
	if (!code) {
		out->inquiry = inquiry_new();
		code = out->inquiry ? 0 : error_errno(err, -ENOMEM, "facts");
	}
	if (!code)
		code = inquiry_from_json(json_object_get(document, "answers"), out->inquiry, err);
	if (code)
		facts_free(out);
	return code;
}
