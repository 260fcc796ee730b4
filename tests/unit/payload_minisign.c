/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A signature is good for its file and its key, and for nothing else: not one bit more, less or
 * other, in the file, in the signature, or in the key.
 */
#include <errno.h>
#include <fcntl.h>

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "lib/file.h"
#include "payload/minisign.h"
#include "payload/statement.h"

#define PAYLOAD "tests/files/payload/good-worked-example.payload"
#define SIGNATURE "tests/files/signature/worked-example"

static struct buffer good, text; /* the worked example, and its signature */
static struct minisign_key key;

static int set_up(void **state)
{
	struct buffer pub = { 0 };
	int code;

	(void)state;
	code = file_read(AT_FDCWD, PAYLOAD, 4096, &good, NULL) ||
	       file_read(AT_FDCWD, SIGNATURE ".payload.minisig", 4096, &text, NULL) ||
	       file_read(AT_FDCWD, SIGNATURE ".pub", 4096, &pub, NULL) ||
	       minisign_key_read(buffer_slice(&pub), "pub", &key, NULL);
	buffer_free(&pub);
	return code;
}

static int tear_down(void **state)
{
	(void)state;
	buffer_free(&good);
	buffer_free(&text);
	return 0;
}

/* As an install takes it: read, of this key, over these bytes, about this application. */
static int check(struct slice signature_text, const struct minisign_key *by, struct slice bytes)
{
	struct minisign_signature signature;
	struct payload *payload;
	uint64_t epoch;
	int code = minisign_signature_read(signature_text, "p.minisig", &signature, NULL);

	if (!code)
		code = minisign_verify(&signature, by, bytes);
	if (!code)
		code = payload_open_bytes(bytes, "p", &payload, NULL);
	if (code)
		return code;
	code = statement_check(signature.comment, payload, "p", &epoch, NULL);
	payload_close(payload);
	return code;
}

static void what_was_signed_verifies(void **state)
{
	(void)state;
	assert_int_equal(check(buffer_slice(&text), &key, buffer_slice(&good)), 0);
	/* The end of the last line may be missing. */
	assert_int_equal(check(slice_of(text.data, text.size - 1), &key, buffer_slice(&good)), 0);
}

/* Of the first line, which nobody signs, each flip is read without harm. */
static void no_bit_of_the_signature_can_change(void **state)
{
	size_t start = strcspn((char *)text.data, "\n"), i;
	int bit, code;

	(void)state;
	for (i = 0; i < text.size; i++)
		for (bit = 0; bit < 8; bit++) {
			text.data[i] ^= (uint8_t)(1 << bit);
			code = check(buffer_slice(&text), &key, buffer_slice(&good));
			if (i >= start && code != -EBADMSG && code != -ENOTSUP)
				fail_msg("byte %zu, bit %d: %d", i, bit, code);
			text.data[i] ^= (uint8_t)(1 << bit);
		}
}

static void no_part_of_the_signature_is_enough(void **state)
{
	size_t size;

	(void)state;
	for (size = 0; size + 1 < text.size; size++)
		assert_int_equal(check(slice_of(text.data, size), &key, buffer_slice(&good)), -EBADMSG);
}

static void no_other_file_verifies(void **state)
{
	struct buffer other = { 0 };
	size_t i;

	(void)state;
	assert_int_equal(buffer_append(&other, good.data, good.size), 0);
	for (i = 0; i < other.size; i++) {
		other.data[i] ^= 0x10;
		assert_int_equal(check(buffer_slice(&text), &key, buffer_slice(&other)), -EBADMSG);
		other.data[i] ^= 0x10;
	}
	assert_int_equal(check(buffer_slice(&text), &key, slice_of(other.data, other.size - 1)),
			 -EBADMSG);
	assert_int_equal(buffer_append(&other, "", 1), 0);
	assert_int_equal(check(buffer_slice(&text), &key, buffer_slice(&other)), -EBADMSG);
	buffer_free(&other);
}

static void no_other_key_verifies(void **state)
{
	struct minisign_key other = key;

	(void)state;
	other.id[0] ^= 1;
	assert_int_equal(check(buffer_slice(&text), &other, buffer_slice(&good)), -EBADMSG);
	other = key;
	other.key[5] ^= 1;
	assert_int_equal(check(buffer_slice(&text), &other, buffer_slice(&good)), -EBADMSG);
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
	struct payload *payload;
	uint64_t epoch;
	size_t i;

	(void)state;
	assert_int_equal(payload_open_bytes(buffer_slice(&good), "sample", &payload, NULL), 0);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(statement_check(cases[i].comment, payload, "sample", &epoch, NULL),
				 cases[i].code);
	payload_close(payload);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_signed_verifies),
		cmocka_unit_test(no_bit_of_the_signature_can_change),
		cmocka_unit_test(no_part_of_the_signature_is_enough),
		cmocka_unit_test(no_other_file_verifies),
		cmocka_unit_test(no_other_key_verifies),
		cmocka_unit_test(what_is_said_is_about_this_payload),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
