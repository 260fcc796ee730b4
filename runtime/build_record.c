/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "runtime/build_record.h"

int build_record_parse(struct slice text, const char *path, struct build_record *out,
		       struct error *err)
{
	json_t *document = json_loadb((const char *)text.data, text.size, JSON_REJECT_DUPLICATES, NULL);
	const json_t *given = json_object_get(document, "given");
	const char *key = json_string_value(json_object_get(given, "key"));
	int code = 0;

	*out = (struct build_record){ .is_given = json_is_object(given) };
	if (!json_is_object(document) || (given && !json_is_object(given) && !json_is_null(given)) ||
	    (key && strlen(key) >= sizeof(out->key)))
		code = error_set(err, -EBADMSG, "%s: is not what `build` writes", path);
	else if (key)
		memcpy(out->key, key, strlen(key) + 1);
	json_decref(document);
	return code;
}

int build_record_read(const struct generation *generation, const char *release,
		      struct build_record *out, struct error *err)
{
	struct buffer text = { 0 };
	char path[128];
	int code;

	snprintf(path, sizeof(path), "build/%.65s/build.json", release);
	code = generation_read(generation, path, &text, err);
	if (!code)
		code = build_record_parse(buffer_slice(&text), path, out, err);
	buffer_free(&text);
	return code;
}
