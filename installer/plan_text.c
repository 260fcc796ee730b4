/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/plan_json.h"

#include "installer/plan_text.h"

/* A decision that did not name a stored BTF has null there. */
static json_t *digest_or_null(const struct digest *digest)
{
	char hex[DIGEST_HEX_SIZE];

	return digest_is_zero(digest) ? json_null() : json_string(digest_hex(digest, hex));
}

static json_t *kernel_entry(const struct kernel *kernel, const char *arch)
{
	return json_pack("{s:s, s:s, s:s, s:b, s:s, s:s, s:s?, s:s, s:o}",
			 "release", kernel->release, "arch", arch, "build", kernel->build,
			 "covered", kernel->is_covered, "source", kernel->source,
			 "row", decision_name(kernel->plan.decision), "rule", kernel->rule,
			 "reason", kernel->plan.reason,
			 "btf", digest_or_null(&kernel->digest));
}

static json_t *file_entry(const struct content_file *file)
{
	char hex[DIGEST_HEX_SIZE];

	return json_pack("{s:s, s:s, s:I}", "path", file->path,
			 "sha256", digest_hex(&file->digest, hex),
			 "size", (json_int_t)file->bytes.size);
}

/* Who signed the payload, where that was verified. */
static json_t *signature_entry(const struct signature_facts *facts)
{
	char id[MINISIGN_ID_TEXT];

	if (facts->state != SIGNATURE_GOOD)
		return json_null();
	return json_pack("{s:s, s:I}", "key", minisign_id_text(facts->id, id),
			 "epoch", (json_int_t)facts->epoch);
}

json_t *plan_document(const struct payload *payload, const struct signature_facts *signature,
		      const char *arch, const struct kernels *kernels,
		      const struct contents *contents)
{
	json_t *kernel_array = json_array(), *file_array = json_array();
	struct digest fingerprint = payload_fingerprint(payload);
	char hex[DIGEST_HEX_SIZE];
	int failed = 0;
	size_t i;

	for (i = 0; i < kernels->count; i++)
		failed |= json_array_append_new(kernel_array,
						kernel_entry(&kernels->items[i], arch));
	for (i = 0; i < contents->count; i++)
		failed |= json_array_append_new(file_array, file_entry(&contents->files[i]));
	if (failed) {
		json_decref(kernel_array);
		json_decref(file_array);
		return NULL;
	}
	return json_pack("{s:i, s:s, s:s, s:o, s:s, s:o, s:o}", "schema", PLAN_SCHEMA,
			 "app", payload_app(payload), "version", payload_app_version(payload),
			 "signature", signature_entry(signature),
			 "fingerprint", digest_hex(&fingerprint, hex),
			 "kernels", kernel_array, "files", file_array);
}

int plan_text(const json_t *document, struct buffer *out, struct error *err)
{
	char *text = document ? json_dumps(document, JSON_SORT_KEYS | JSON_INDENT(2)) : NULL;
	int code = -ENOMEM;

	if (text)
		code = buffer_append(out, text, strlen(text));
	if (!code)
		code = buffer_append(out, "\n", 1);
	free(text);
	return code ? error_errno(err, code, PLAN_FILE) : 0;
}

int document_text(json_t *document, struct buffer *out, struct error *err)
{
	int code = plan_text(document, out, err);

	json_decref(document);
	return code;
}

int document_print(json_t *document, struct error *err)
{
	struct buffer text = { 0 };
	int code;

	code = plan_text(document, &text, err);
	if (!code)
		fwrite(text.data, 1, text.size, stdout);
	buffer_free(&text);
	json_decref(document);
	return code;
}
