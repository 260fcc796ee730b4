/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/probe_json.h"

/* The kernel's own, which have no name in user space, go up to 530. */
enum { ERRNO_LIMIT = 4096 };

static const char *const ANSWERS[] = {
	[TRUTH_UNKNOWN] = "unknown", [TRUTH_YES] = "yes", [TRUTH_NO] = "no",
};

const char *errno_to_text(int error, char name[static 16])
{
	const char *known = error ? strerrorname_np(error) : NULL;

	if (!error)
		return NULL;
	if (known)
		return known;
	snprintf(name, 16, "%d", error);
	return name;
}

json_t *probe_to_json(struct probe probe)
{
	char name[16];

	/* "s*" leaves a NULL out. */
	return json_pack("{s:s, s:s*}", "answer", ANSWERS[probe.truth], "errno",
			 errno_to_text(probe.error, name));
}

json_t *bytes_to_json(const char *text)
{
	json_t *json = json_string(text);
	char *copy, *at;

	if (json)
		return json;
	copy = strdup(text);
	for (at = copy; at && *at; at++)
		if ((unsigned char)*at >= 0x80)
			*at = '?';
	json = copy ? json_string(copy) : NULL;
	free(copy);
	return json;
}

int errno_from_json(const json_t *json, const char *key, int *out, struct error *err)
{
	const char *text = json_string_value(json), *name;
	char *end;
	int error;

	*out = 0;
	if (!json)
		return 0;
	for (error = 1; text && error < ERRNO_LIMIT; error++) {
		name = strerrorname_np(error);
		if (name && strcmp(name, text) == 0) {
			*out = error;
			return 0;
		}
	}
	*out = text ? (int)strtol(text, &end, 10) : 0;
	if (text && *text && !*end && *out > 0 && *out < ERRNO_LIMIT)
		return 0;
	return error_set(err, -EBADMSG, "%s.errno: is not the name of an error", key);
}

int probe_from_json(const json_t *json, const char *key, struct probe *out, struct error *err)
{
	const char *answer = json_string_value(json_object_get(json, "answer"));
	size_t i;

	*out = probe_unknown(0);
	for (i = 0; answer && i < sizeof(ANSWERS) / sizeof(ANSWERS[0]); i++) {
		if (strcmp(answer, ANSWERS[i]) != 0)
			continue;
		out->truth = (enum truth)i;
		return errno_from_json(json_object_get(json, "errno"), key, &out->error, err);
	}
	return error_set(err, -EBADMSG, "%s.answer: is none of yes, no, unknown", key);
}

int text_from_json(const json_t *json, const char *key, char *out, size_t size, struct error *err)
{
	const char *text = json_string_value(json);

	if (!text)
		return error_set(err, -EBADMSG, "%s: is no string", key);
	if (strlen(text) >= size)
		return error_set(err, -EBADMSG, "%s: is longer than %zu bytes", key, size - 1);
	strcpy(out, text);
	return 0;
}
