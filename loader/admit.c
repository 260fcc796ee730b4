/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/btf_file.h"
#include "payload/format.h"
#include "payload/section.h"
#include "payload/statement.h"

#include "loader/admit.h"

/* A kernel with its debugging information has some hundred MB. */
enum { MAX_GIVEN_SIZE = 1024 * 1024 * 1024 };

/* Appends the text of path + ".minisig" to *out, nothing where there is no such file. */
static int read_beside(const char *path, struct buffer *out, struct error *err)
{
	char *name;
	int code;

	if (asprintf(&name, "%s" MINISIGN_SUFFIX, path) < 0)
		return error_errno(err, -ENOMEM, "%s", path);
	code = file_read(AT_FDCWD, name, MINISIGN_MAX_FILE, out, err);
	/* An empty one was cut short; without a signature, there is no file. */
	if (code == -EFBIG || code == -EISDIR || code == -ELOOP || (!code && !out->size))
		code = error_set(err, -EKEYREJECTED, "%s: is no signature of minisign: get it again", name);
	free(name);
	return code == -ENOENT ? 0 : code;
}

/* Where the payload and its signature are; of what is in there, nothing is looked at. */
static int find_parts(const char *path, const char *name, struct admitted *out,
		      struct slice *payload, bool is_looked_at, struct error *err)
{
	struct slice text;
	int code;

	*payload = out->map.bytes;
	if (!section_is_elf(out->map.bytes)) {
		code = is_looked_at ? read_beside(path, &out->text, err) : 0;
		out->signature = buffer_slice(&out->text);
		return code;
	}
	code = section_find(out->map.bytes, name, PAYLOAD_SECTION, payload, err);
	if (code || !is_looked_at)
		return code;
	code = section_find(out->map.bytes, name, SIGNATURE_SECTION, &text, err);
	if (code)
		return code == -ENOENT ? 0 : code;
	if (!text.size || text.size > MINISIGN_MAX_FILE)
		return error_set(err, -EKEYREJECTED, "%s: its section " SIGNATURE_SECTION " is no signature of "
				 "minisign: get it again", name);
	if (buffer_append(&out->text, text.data, text.size))
		return error_errno(err, -ENOMEM, "%s", name);
	out->signature = buffer_slice(&out->text);
	return 0;
}

/* Whatever is wrong with a signature: the file that it is for need not be damaged. */
static int reject(struct error *err)
{
	if (err)
		err->code = -EKEYREJECTED;
	return -EKEYREJECTED;
}

/*
 * What the signature comes to; bytes must be nobody else's to change.  comment gets the signed one,
 * "" unless it is good.
 */
static int verify(const struct trust *trust, struct slice text, struct slice bytes,
		  const char *name, struct signature_facts *out,
		  char comment[static MINISIGN_MAX_COMMENT + 1], struct error *err)
{
	struct minisign_signature signature;
	const struct trusted_key *key;
	int code;

	comment[0] = '\0';
	*out = (struct signature_facts){ .state = SIGNATURE_NONE, .is_kept = out->is_kept };
	if (!text.size)
		return 0;
	if (minisign_signature_read(text, name, &signature, err))
		return reject(err);
	memcpy(out->id, signature.id, MINISIGN_ID_SIZE);
	key = trust_find(trust, signature.id);
	out->state = SIGNATURE_UNKNOWN_KEY;
	if (!key)
		return 0;
	code = minisign_verify(&signature, &key->key, bytes);
	if (code && code != -EBADMSG)
		return error_errno(err, code, "%s: its signature cannot be verified", name);
	out->state = code ? SIGNATURE_BAD : SIGNATURE_GOOD;
	out->key_path = key->path;
	if (!code)
		memcpy(comment, signature.comment, sizeof(signature.comment));
	return 0;
}

/* A signature is worth something only for bytes that nobody changes after it was verified. */
static int keep_still(const struct trust *trust, struct slice *payload, struct admitted *out,
		      struct error *err)
{
	if (!out->signature.size || !trust->count)
		return 0;
	if (buffer_append(&out->bytes, payload->data, payload->size))
		return error_errno(err, -ENOMEM, "payload");
	*payload = buffer_slice(&out->bytes);
	return 0;
}

/* From bytes that stay to a payload. */
static int open_verified(const struct trust *trust, struct slice payload, const char *name,
			 struct admitted *out, struct error *err)
{
	char comment[MINISIGN_MAX_COMMENT + 1];
	struct admission admission;
	int code;

	if (trust->policy == TRUST_OFF)
		return payload_open_bytes(payload, name, &out->payload, err);
	code = verify(trust, out->signature, payload, name, &out->facts, comment, err);
	if (code)
		return code;
	admission = admission_decide(trust, &out->facts, name);
	snprintf(out->notice, sizeof(out->notice), "%s", admission.reason);
	code = admission_result(&admission, err);
	if (!code)
		code = payload_open_bytes(payload, name, &out->payload, err);
	if (code || out->facts.state != SIGNATURE_GOOD)
		return code;
	code = statement_check(comment, out->payload, name, &out->facts.epoch, err);
	return code == -EBADMSG || code == -ENOTSUP ? reject(err) : code;
}

int admit_payload(const struct trust *trust, const char *path, const char *name,
		  struct admitted *out, struct error *err)
{
	struct slice payload = { .data = NULL };
	int code;

	*out = (struct admitted){ .trust = trust };
	code = file_map(AT_FDCWD, path, &out->map, err);
	if (!code)
		code = find_parts(path, name, out, &payload, trust->policy != TRUST_OFF, err);
	if (!code)
		code = keep_still(trust, &payload, out, err);
	return code ? code : open_verified(trust, payload, name, out, err);
}

int admit_kept(const struct trust *trust, struct slice payload, struct slice signature,
	       const char *name, struct admitted *out, struct error *err)
{
	*out = (struct admitted){ .trust = trust, .signature = signature, .facts = { .is_kept = true } };
	return open_verified(trust, payload, name, out, err);
}

void admitted_close(struct admitted *admitted)
{
	payload_close(admitted->payload);
	file_unmap(&admitted->map);
	buffer_free(&admitted->bytes);
	buffer_free(&admitted->text);
	*admitted = (struct admitted){ 0 };
}

int admit_given(const struct trust *trust, const char *path, struct slice bytes,
		char key[static MINISIGN_ID_TEXT], struct error *err)
{
	char comment[MINISIGN_MAX_COMMENT + 1];
	struct signature_facts facts = { .state = SIGNATURE_UNSEEN };
	struct buffer text = { 0 };
	struct admission admission;
	int code;

	key[0] = '\0';
	if (trust->policy == TRUST_OFF)
		return 0;
	code = read_beside(path, &text, err);
	if (!code)
		code = verify(trust, buffer_slice(&text), bytes, path, &facts, comment, err);
	buffer_free(&text);
	if (code)
		return code;
	if (facts.state == SIGNATURE_GOOD)
		minisign_id_text(facts.id, key);
	admission = admission_decide(trust, &facts, path);
	return admission_result(&admission, err);
}

int admit_given_btf(const struct trust *trust, const char *path, struct buffer *out,
		    char key[static MINISIGN_ID_TEXT], struct error *err)
{
	struct buffer file = { 0 };
	int code = file_read(AT_FDCWD, path, MAX_GIVEN_SIZE, &file, err);

	if (!code)
		code = admit_given(trust, path, buffer_slice(&file), key, err);
	if (!code)
		code = btf_file_parse(buffer_slice(&file), path, out, err);
	buffer_free(&file);
	return code;
}
