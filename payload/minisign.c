/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include "payload/minisign.h"

#define COMMENT "untrusted comment:"
#define TRUSTED_COMMENT "trusted comment: "

/* Of a key without hashing, and of a signature with it. */
static const uint8_t KEY_KIND[2] = { 'E', 'd' }, HASHED_KIND[2] = { 'E', 'D' };

enum { KIND_SIZE = 2 };

/* The next line of text without its end; false when there is none. */
static bool next_line(struct slice *text, struct slice *line)
{
	const uint8_t *end = memchr(text->data, '\n', text->size);

	if (!text->size)
		return false;
	*line = slice_of(text->data, end ? (size_t)(end - text->data) : text->size);
	*text = slice_of(text->data + line->size + (end != NULL),
			 text->size - line->size - (end != NULL));
	if (line->size && line->data[line->size - 1] == '\r')
		line->size--;
	return true;
}

static bool begins_with(struct slice line, const char *start)
{
	return line.size >= strlen(start) && memcmp(line.data, start, strlen(start)) == 0;
}

/* libsodium takes some bytes above 0x7f for digits. */
static bool has_digits_only(struct slice line)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				     "0123456789+/=";
	size_t i;

	for (i = 0; i < line.size; i++)
		if (!memchr(digits, line.data[i], sizeof(digits) - 1))
			return false;
	return true;
}

/* The next line, which must be base64 of exactly size bytes. */
static bool next_bytes(struct slice *text, uint8_t *out, size_t size)
{
	struct slice line;
	size_t length;

	return next_line(text, &line) && has_digits_only(line) &&
	       sodium_base642bin(out, size, (const char *)line.data, line.size, NULL, &length, NULL,
				 sodium_base64_VARIANT_ORIGINAL) == 0 && length == size;
}

/* The first line of keys and signatures. */
static bool skip_comment(struct slice *text)
{
	struct slice line;

	return next_line(text, &line) && begins_with(line, COMMENT);
}

/* Nothing but ends of lines. */
static bool is_over(struct slice text)
{
	struct slice line;

	while (next_line(&text, &line))
		if (line.size)
			return false;
	return true;
}

static bool next_trusted_comment(struct slice *text, char comment[static MINISIGN_MAX_COMMENT + 1])
{
	struct slice line;
	size_t start = strlen(TRUSTED_COMMENT), i;

	if (!next_line(text, &line) || !begins_with(line, TRUSTED_COMMENT) ||
	    line.size - start > MINISIGN_MAX_COMMENT)
		return false;
	for (i = start; i < line.size; i++)
		if ((line.data[i] < 0x20 && line.data[i] != '\t') || line.data[i] == 0x7f)
			return false;
	memcpy(comment, line.data + start, line.size - start);
	comment[line.size - start] = '\0';
	return true;
}

bool minisign_file_bytes(struct slice text, uint8_t *out, size_t size)
{
	return text.size <= MINISIGN_MAX_FILE && skip_comment(&text) && next_bytes(&text, out, size) &&
	       is_over(text);
}

int minisign_key_read(struct slice text, const char *name, struct minisign_key *out,
		      struct error *err)
{
	uint8_t bytes[KIND_SIZE + MINISIGN_ID_SIZE + MINISIGN_KEY_SIZE];

	if (!minisign_file_bytes(text, bytes, sizeof(bytes)))
		return error_set(err, -EBADMSG, "%s: is no public key of minisign", name);
	if (memcmp(bytes, KEY_KIND, KIND_SIZE) != 0)
		return error_set(err, -ENOTSUP, "%s: is a key of a kind that is not known here", name);
	memcpy(out->id, bytes + KIND_SIZE, MINISIGN_ID_SIZE);
	memcpy(out->key, bytes + KIND_SIZE + MINISIGN_ID_SIZE, MINISIGN_KEY_SIZE);
	return 0;
}

int minisign_signature_read(struct slice text, const char *name, struct minisign_signature *out,
			    struct error *err)
{
	uint8_t bytes[KIND_SIZE + MINISIGN_ID_SIZE + MINISIGN_SIGNATURE_SIZE];

	if (text.size > MINISIGN_MAX_FILE || !skip_comment(&text) ||
	    !next_bytes(&text, bytes, sizeof(bytes)) || !next_trusted_comment(&text, out->comment) ||
	    !next_bytes(&text, out->comment_signature, MINISIGN_SIGNATURE_SIZE) || !is_over(text))
		return error_set(err, -EBADMSG, "%s: is no signature of minisign, or a damaged one",
				 name);
	if (memcmp(bytes, KEY_KIND, KIND_SIZE) == 0)
		return error_set(err, -ENOTSUP, "%s: is a signature of the old kind, over the file itself "
				 "and not its hash: sign again, without -l", name);
	if (memcmp(bytes, HASHED_KIND, KIND_SIZE) != 0)
		return error_set(err, -ENOTSUP, "%s: is a signature of a kind that is not known here",
				 name);
	memcpy(out->id, bytes + KIND_SIZE, MINISIGN_ID_SIZE);
	memcpy(out->signature, bytes + KIND_SIZE + MINISIGN_ID_SIZE, MINISIGN_SIGNATURE_SIZE);
	return 0;
}

char *minisign_id_text(const uint8_t id[static MINISIGN_ID_SIZE],
		       char text[static MINISIGN_ID_TEXT])
{
	snprintf(text, MINISIGN_ID_TEXT, "%" PRIX64, load_le64(id));
	return text;
}

int minisign_hash(struct slice bytes, uint8_t hash[static MINISIGN_HASH_SIZE])
{
	/* It looks for what this processor has; any number of times. */
	if (sodium_init() < 0)
		return -EIO;
	crypto_generichash(hash, MINISIGN_HASH_SIZE, bytes.data, bytes.size, NULL, 0);
	return 0;
}

int minisign_verify(const struct minisign_signature *signature, const struct minisign_key *key,
		    struct slice bytes)
{
	uint8_t signed_text[MINISIGN_SIGNATURE_SIZE + MINISIGN_MAX_COMMENT];
	uint8_t hash[MINISIGN_HASH_SIZE];
	size_t length = strlen(signature->comment);

	if (memcmp(signature->id, key->id, MINISIGN_ID_SIZE) != 0)
		return -EBADMSG;
	if (minisign_hash(bytes, hash))
		return -EIO;
	if (crypto_sign_verify_detached(signature->signature, hash, sizeof(hash), key->key) != 0)
		return -EBADMSG;
	memcpy(signed_text, signature->signature, MINISIGN_SIGNATURE_SIZE);
	memcpy(signed_text + MINISIGN_SIGNATURE_SIZE, signature->comment, length);
	return crypto_sign_verify_detached(signature->comment_signature, signed_text,
					   MINISIGN_SIGNATURE_SIZE + length, key->key) ? -EBADMSG : 0;
}
