/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is signed here verifies.  That nothing else does is payload_minisign.c's matter; that real
 * minisign agrees, tests/trust.bats'.
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

/* What stands beside a .run is for the whole of it, and for no payload. */
static void a_run_is_no_payload(void **state)
{
	struct minisign_signature signature;
	struct buffer run = { 0 };
	struct payload *payload;
	uint64_t epoch;

	(void)state;
	assert_int_equal(payload_open_bytes(sample.bytes, "sample", &payload, NULL), 0);
	assert_int_equal(signer_sign_run(&signer, sample.bytes, sample.bytes, "sample", &run, NULL), 0);
	signature = signature_of(&run);
	assert_int_equal(minisign_verify(&signature, &key, sample.bytes), 0);
	assert_int_equal(statement_check(signature.comment, payload, "sample", &epoch, NULL), -EBADMSG);
	buffer_free(&run);
	payload_close(payload);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_signed_verifies),
		cmocka_unit_test(a_run_is_no_payload),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
