/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include "lib/file.h"

#include "btfpack/provenance.h"

enum { PROVENANCE_SCHEMA = 1, PROVENANCE_MAX_SIZE = 64 * 1024 };

/* Takes the text under name; absent is fine, anything but text is not. */
static int take_text(json_t *document, const char *name, char **out)
{
	json_t *value = json_object_get(document, name);

	if (!value)
		return 0;
	if (!json_is_string(value))
		return -EBADMSG;
	*out = strdup(json_string_value(value));
	return *out ? 0 : -ENOMEM;
}

static int decode(json_t *document, const char *path, struct provenance *out, struct error *err)
{
	json_int_t schema = json_integer_value(json_object_get(document, "schema"));
	const char *sha256 = json_string_value(json_object_get(document, "sha256"));
	const char *xxh3 = json_string_value(json_object_get(document, "xxh3"));
	int code;

	if (schema > PROVENANCE_SCHEMA)
		return error_set(err, -ENOTSUP, "%s: schema %lld is newer than this program", path,
				 (long long)schema);
	if (schema != PROVENANCE_SCHEMA || !sha256 || !digest_parse(sha256, &out->sha256))
		return error_set(err, -EBADMSG, "%s: no schema 1 or no sha256", path);
	if (xxh3 && !checksum_parse(xxh3, &out->xxh3))
		return error_set(err, -EBADMSG, "%s: xxh3 is not 32 hexadecimal digits", path);
	code = take_text(document, "source", &out->source);
	if (!code)
		code = take_text(document, "build", &out->build);
	if (code == -EBADMSG)
		return error_set(err, code, "%s: source or build is not text", path);
	return code ? error_errno(err, code, "%s", path) : 0;
}

int provenance_read(const char *path, struct provenance *out, struct error *err)
{
	struct buffer text = { 0 };
	json_error_t problem;
	json_t *document;
	int code;

	*out = (struct provenance){ 0 };
	if (access(path, F_OK) < 0 && errno == ENOENT)
		return -ENOENT;
	code = file_read(AT_FDCWD, path, PROVENANCE_MAX_SIZE, &text, err);
	if (code)
		return code;
	document = json_loadb((const char *)text.data, text.size, 0, &problem);
	buffer_free(&text);
	if (!document)
		return error_set(err, -EBADMSG, "%s: line %d: %s", path, problem.line, problem.text);
	code = decode(document, path, out, err);
	json_decref(document);
	if (code)
		provenance_free(out);
	return code;
}

void provenance_free(struct provenance *provenance)
{
	free(provenance->source);
	free(provenance->build);
	*provenance = (struct provenance){ 0 };
}

static int append(const char *text, size_t size, void *out)
{
	return buffer_append(out, text, size) ? -1 : 0;
}

int provenance_write(const char *path, const struct provenance *provenance, struct error *err)
{
	bool has_xxh3 = !checksum_is_zero(&provenance->xxh3);
	char sha256[DIGEST_HEX_SIZE], xxh3[CHECKSUM_HEX_SIZE];
	struct buffer text = { 0 };
	json_t *document;
	int code = -ENOMEM;

	/* s* leaves a member out when its text is NULL. */
	document = json_pack("{s:i, s:s, s:s*, s:s*, s:s*}", "schema", PROVENANCE_SCHEMA, "sha256",
			     digest_hex(&provenance->sha256, sha256), "xxh3",
			     has_xxh3 ? checksum_hex(&provenance->xxh3, xxh3) : NULL, "build",
			     provenance->build, "source", provenance->source);
	if (document && json_dump_callback(document, append, &text, JSON_INDENT(1)) == 0)
		code = buffer_append(&text, "\n", 1);
	if (code)
		error_errno(err, code, "%s", path);
	else
		code = file_publish(AT_FDCWD, path, buffer_slice(&text), 0644, err);
	json_decref(document);
	buffer_free(&text);
	return code;
}
