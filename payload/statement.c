/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "payload/minisign.h"
#include "payload/statement.h"

/* Architectures of the objects, as the payload has them sorted; an object for all is "any". */
static json_t *archs_of(const struct payload *payload)
{
	json_t *archs = json_array();
	size_t i;

	for (i = 0; archs && i < payload_file_count(payload); i++) {
		struct payload_file file = payload_file(payload, i);

		if (file.role == PAYLOAD_OBJECT &&
		    json_array_append_new(archs, json_string(file.arch[0] ? file.arch : "any")) < 0) {
			json_decref(archs);
			archs = NULL;
		}
	}
	return archs;
}

/* What a signature over this payload says; NULL: no memory. */
static json_t *statement_of(const struct payload *payload, enum statement_kind kind, uint64_t epoch)
{
	return json_pack("{s:i, s:s, s:s, s:o, s:I}",
			 kind == STATEMENT_RUN ? "run" : "payload", STATEMENT_SCHEMA,
			 "app", payload_app(payload), "version", payload_app_version(payload),
			 "arch", archs_of(payload), "epoch", (json_int_t)epoch);
}

int statement_write(const struct payload *payload, enum statement_kind kind, uint64_t epoch,
		    struct buffer *out, struct error *err)
{
	json_t *statement = statement_of(payload, kind, epoch);
	char *text = json_dumps(statement, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENSURE_ASCII);
	int code = 0;

	if (!text || buffer_append(out, text, strlen(text)))
		code = error_errno(err, -ENOMEM, "statement");
	else if (strlen(text) > MINISIGN_MAX_COMMENT)
		code = error_set(err, -E2BIG, "%s: what its signature would say is too long",
				 payload_app(payload));
	json_decref(statement);
	free(text);
	return code;
}

int statement_check(const char *comment, const struct payload *payload, const char *name,
		    uint64_t *epoch, struct error *err)
{
	json_t *said = json_loads(comment, JSON_REJECT_DUPLICATES, NULL), *expected;
	json_int_t schema = json_integer_value(json_object_get(said, "payload"));
	json_int_t number = json_integer_value(json_object_get(said, "epoch"));
	int code = 0;

	expected = statement_of(payload, STATEMENT_PAYLOAD, (uint64_t)number);
	if (schema < 1 || number < 1 || (uint64_t)number > STATEMENT_MAX_EPOCH)
		code = error_set(err, -EBADMSG, "%s: its signature does not say which payload it is for: "
				 "sign it with `btfpack`", name);
	else if (schema > STATEMENT_SCHEMA)
		code = error_set(err, -ENOTSUP, "%s: its signature is newer than this program", name);
	else if (!expected)
		code = error_errno(err, -ENOMEM, "%s", name);
	else if (!json_equal(said, expected))
		code = error_set(err, -EBADMSG, "%s: its signature is for another payload than %s %s",
				 name, payload_app(payload), payload_app_version(payload));
	*epoch = (uint64_t)number;
	json_decref(said);
	json_decref(expected);
	return code;
}
