/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is signed here verifies, and nothing else does: not one byte more, less or other, in the
 * file, in the signature, or in the key.  That real minisign agrees is tested in tests/trust.bats.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

#include <sodium.h>

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "btfpack/signer.h"
#include "lib/file.h"
#include "payload/statement.h"

#define SAMPLE "tests/files/payload/good-worked-example.payload"

static struct file_map sample;
static struct signer signer = { .epoch = 42 };
static struct minisign_key key;
static struct buffer text;       /* of the signature over sample */

static int set_up(void **state)
{
	(void)state;
	if (sodium_init() < 0 || file_map(AT_FDCWD, SAMPLE, &sample, NULL))
		return -1;
	memcpy(key.id, "\1\2\3\4\5\6\7\10", MINISIGN_ID_SIZE);
	memcpy(signer.key.id, key.id, MINISIGN_ID_SIZE);
	crypto_sign_keypair(key.key, signer.key.key);
	return signer_sign_payload(&signer, sample.bytes, "sample", &text, NULL);
}

static int tear_down(void **state)
{
	(void)state;
	buffer_free(&text);
	file_unmap(&sample);
	return 0;
}

static struct minisign_signature signature_of(const struct buffer *from)
{
	struct minisign_signature signature;

	assert_int_equal(minisign_signature_read(buffer_slice(from), "text", &signature, NULL), 0);
	return signature;
}

static void what_is_signed_verifies(void **state)
{
	struct minisign_signature signature = signature_of(&text);
	struct payload *payload;
	uint64_t epoch = 0;

	(void)state;
	assert_int_equal(minisign_verify(&signature, &key, sample.bytes), 0);
	assert_int_equal(payload_open_bytes(sample.bytes, "sample", &payload, NULL), 0);
	assert_int_equal(statement_check(signature.comment, payload, "sample", &epoch, NULL), 0);
	assert_int_equal(epoch, 42);
	payload_close(payload);
}

/* Reads and verifies; -EBADMSG, -ENOTSUP: it is refused. */
static int judge(struct slice signature_text, struct slice bytes)
{
	struct minisign_signature signature;
	int code = minisign_signature_read(signature_text, "text", &signature, NULL);

	return code ? code : minisign_verify(&signature, &key, bytes);
}

static bool is_refused(struct slice signature_text, struct slice bytes)
{
	int code = judge(signature_text, bytes);

	return code == -EBADMSG || code == -ENOTSUP;
}

/* The first line is signed by nobody; it still has to be there. */
static void no_byte_of_the_signature_can_change(void **state)
{
	size_t start = strcspn((const char *)text.data, "\n") + 1, i;
	unsigned bit;

	(void)state;
	for (i = start; i + 1 < text.size; i++)
		for (bit = 0; bit < 8; bit++) {
			text.data[i] ^= (uint8_t)(1u << bit);
			if (!is_refused(buffer_slice(&text), sample.bytes))
				fail_msg("byte %zu, bit %u: verifies", i, bit);
			text.data[i] ^= (uint8_t)(1u << bit);
		}
	for (i = 0; i < start; i++) {
		text.data[i] ^= 1;
		judge(buffer_slice(&text), sample.bytes); /* no crash; a comment may say anything */
		text.data[i] ^= 1;
	}
}

static void no_part_of_the_signature_is_enough(void **state)
{
	size_t size;

	(void)state;
	for (size = 0; size + 1 < text.size; size++)
		assert_true(is_refused(slice_of(text.data, size), sample.bytes));
	/* But for the end of the last line. */
	assert_int_equal(judge(slice_of(text.data, text.size - 1), sample.bytes), 0);
}

static void no_other_file_verifies(void **state)
{
	struct buffer other = { 0 };
	size_t i;

	(void)state;
	assert_int_equal(buffer_append(&other, sample.bytes.data, sample.bytes.size), 0);
	for (i = 0; i < other.size; i += 7) {
		other.data[i] ^= 0x10;
		assert_true(is_refused(buffer_slice(&text), buffer_slice(&other)));
		other.data[i] ^= 0x10;
	}
	assert_true(is_refused(buffer_slice(&text), slice_of(other.data, other.size - 1)));
	assert_int_equal(buffer_append(&other, "", 1), 0);
	assert_true(is_refused(buffer_slice(&text), buffer_slice(&other)));
	buffer_free(&other);
}

static void no_other_key_verifies(void **state)
{
	struct minisign_signature signature = signature_of(&text);
	struct minisign_key other = key;

	(void)state;
	other.id[0] ^= 1;
	assert_int_equal(minisign_verify(&signature, &other, sample.bytes), -EBADMSG);
	other = key;
	other.key[5] ^= 1;
	assert_int_equal(minisign_verify(&signature, &other, sample.bytes), -EBADMSG);
}

/* A good signature says which payload it is for. */
static void what_is_said_is_about_this_payload(void **state)
{
	static const struct {
		const char *comment;
		int code;
	} cases[] = {
		{ "{\"app\":\"demo\",\"arch\":[\"x86_64\"],\"epoch\":1,\"payload\":1,"
		  "\"version\":\"9.9\"}", -EBADMSG },
		{ "{\"epoch\":1,\"payload\":2}", -ENOTSUP },
		{ "{\"epoch\":0,\"payload\":1}", -EBADMSG },
		{ "{\"epoch\":-1,\"payload\":1}", -EBADMSG },
		{ "{\"epoch\":9007199254740993,\"payload\":1}", -EBADMSG },
		{ "{\"epoch\":1}", -EBADMSG },
		{ "timestamp:1764000000\tfile:demo.payload", -EBADMSG },
		{ "", -EBADMSG },
		{ "[]", -EBADMSG },
	};
	struct minisign_signature signature = signature_of(&text);
	struct buffer run = { 0 };
	struct payload *payload;
	uint64_t epoch;
	size_t i;

	(void)state;
	assert_int_equal(payload_open_bytes(sample.bytes, "sample", &payload, NULL), 0);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(statement_check(cases[i].comment, payload, "sample", &epoch, NULL),
				 cases[i].code);
	assert_int_equal(statement_check(signature.comment, payload, "sample", &epoch, NULL), 0);
	/* What stands beside a .run is for the whole of it, and for no payload. */
	assert_int_equal(signer_sign_run(&signer, sample.bytes, sample.bytes, "sample", &run, NULL), 0);
	signature = signature_of(&run);
	assert_int_equal(statement_check(signature.comment, payload, "sample", &epoch, NULL), -EBADMSG);
	buffer_free(&run);
	payload_close(payload);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_signed_verifies),
		cmocka_unit_test(no_byte_of_the_signature_can_change),
		cmocka_unit_test(no_part_of_the_signature_is_enough),
		cmocka_unit_test(no_other_file_verifies),
		cmocka_unit_test(no_other_key_verifies),
		cmocka_unit_test(what_is_said_is_about_this_payload),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
