/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sodium.h>

#include "lib/console.h"
#include "lib/file.h"
#include "payload/statement.h"

#include "btfpack/signer.h"
#include "btfpack/source_date.h"

static bool parse_epoch(const char *text, uint64_t *out)
{
	size_t digits = strspn(text, "0123456789");

	if (!digits || digits > 16 || text[digits])
		return false;
	*out = strtoull(text, NULL, 10);
	return *out >= 1 && *out <= STATEMENT_MAX_EPOCH;
}

bool sign_take_option(int option, const char *value, struct sign_options *out,
		      enum exit_status *status)
{
	*status = STATUS_DONE;
	switch (option) {
	case SIGN_OPTION:
		out->key = value;
		return true;
	case SIGN_PASSWORD_FILE:
		out->password_file = value;
		return true;
	case SIGN_EPOCH:
		if (parse_epoch(value, &out->epoch))
			return true;
		console_error("--epoch %s: is not a number from 1 to 2^53", value);
		*status = STATUS_USAGE;
		return true;
	default:
		return false;
	}
}

int signer_open(const struct sign_options *options, struct signer **out, struct error *err)
{
	struct signer *signer;
	time_t now;
	int code;

	*out = NULL;
	if (!options->key)
		return 0;
	signer = calloc(1, sizeof(*signer));
	if (!signer)
		return error_errno(err, -ENOMEM, "%s", options->key);
	code = source_date(&now, err);
	signer->epoch = options->epoch ? options->epoch : now > 0 ? (uint64_t)now : 1;
	if (!code)
		code = secret_key_read(options->key, options->password_file, &signer->key, err);
	if (code)
		signer_close(signer);
	else
		*out = signer;
	return code;
}

void signer_close(struct signer *signer)
{
	if (signer)
		sodium_memzero(signer, sizeof(*signer));
	free(signer);
}

static int append(struct buffer *out, const char *text)
{
	return buffer_append(out, text, strlen(text));
}

/* A line of base64. */
static int append_bytes(struct buffer *out, const uint8_t *bytes, size_t size)
{
	char text[256];

	sodium_bin2base64(text, sizeof(text), bytes, size, sodium_base64_VARIANT_ORIGINAL);
	return append(out, text) || append(out, "\n") ? -ENOMEM : 0;
}

/* The four lines; comment is one line without its end. */
static int sign(const struct signer *signer, struct slice bytes, const struct buffer *comment,
		struct buffer *out)
{
	uint8_t first[2 + MINISIGN_ID_SIZE + MINISIGN_SIGNATURE_SIZE] = { 'E', 'D' };
	uint8_t *signature = first + 2 + MINISIGN_ID_SIZE;
	uint8_t second[MINISIGN_SIGNATURE_SIZE], hash[MINISIGN_HASH_SIZE];
	struct buffer all = { 0 };
	int code = minisign_hash(bytes, hash);

	if (code)
		return code;
	memcpy(first + 2, signer->key.id, MINISIGN_ID_SIZE);
	crypto_sign_detached(signature, NULL, hash, sizeof(hash), signer->key.key);
	code = buffer_append(&all, signature, MINISIGN_SIGNATURE_SIZE);
	if (!code)
		code = buffer_append(&all, comment->data, comment->size);
	if (!code) {
		crypto_sign_detached(second, NULL, all.data, all.size, signer->key.key);
		code = append(out, "untrusted comment: signature of btfpack\n");
	}
	if (!code)
		code = append_bytes(out, first, sizeof(first));
	if (!code)
		code = append(out, "trusted comment: ");
	if (!code)
		code = buffer_append(out, comment->data, comment->size);
	if (!code)
		code = append(out, "\n");
	if (!code)
		code = append_bytes(out, second, sizeof(second));
	buffer_free(&all);
	return code;
}

static int sign_as(const struct signer *signer, enum statement_kind kind, struct slice bytes,
		   struct slice payload_bytes, const char *name, struct buffer *out,
		   struct error *err)
{
	struct buffer comment = { 0 };
	struct payload *payload;
	int code = payload_open_bytes(payload_bytes, name, &payload, err);

	if (code)
		return code;
	code = statement_write(payload, kind, signer->epoch, &comment, err);
	payload_close(payload);
	if (!code) {
		code = sign(signer, bytes, &comment, out);
		if (code)
			error_errno(err, code, "%s: cannot be signed", name);
	}
	buffer_free(&comment);
	return code;
}

int signer_sign_payload(const struct signer *signer, struct slice payload, const char *name,
			struct buffer *out, struct error *err)
{
	return sign_as(signer, STATEMENT_PAYLOAD, payload, payload, name, out, err);
}

int signer_sign_run(const struct signer *signer, struct slice run, struct slice payload,
		    const char *name, struct buffer *out, struct error *err)
{
	return sign_as(signer, STATEMENT_RUN, run, payload, name, out, err);
}

int signature_publish(const char *path, struct slice text, struct error *err)
{
	char name[PATH_MAX];

	if (snprintf(name, sizeof(name), "%s" MINISIGN_SUFFIX, path) >= (int)sizeof(name))
		return error_errno(err, -ENAMETOOLONG, "%s", path);
	if (text.size)
		return file_publish(AT_FDCWD, name, text, 0644, err);
	if (unlink(name) == 0)
		console_note("%s: was the signature of what was here before, and is removed", name);
	else if (errno != ENOENT)
		return error_errno(err, -errno, "%s", name);
	return 0;
}
