/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Signature and key files of minisign, and what a signature says of a payload, as they come: nobody
 * has verified anything when they are read.
 */
#include <fcntl.h>
#include <stdlib.h>

#include "payload/minisign.h"
#include "payload/statement.h"

#define SAMPLE "tests/files/payload/good-worked-example.payload"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct payload *payload;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	if (payload_open(AT_FDCWD, SAMPLE, &payload, NULL))
		abort();
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice bytes = slice_of(data, size);
	struct minisign_signature signature;
	char comment[MINISIGN_MAX_COMMENT + 1];
	struct minisign_key key = { .id = { 0 } };
	struct error err = ERROR_NONE;
	uint64_t epoch;

	minisign_key_read(bytes, "input", &key, &err);
	if (minisign_signature_read(bytes, "input", &signature, &err) == 0) {
		/* Of this key it never is. */
		if (minisign_verify(&signature, &key, bytes) == 0)
			abort();
		statement_check(signature.comment, payload, "input", &epoch, &err);
	}
	if (size > MINISIGN_MAX_COMMENT)
		return 0;
	memcpy(comment, data, size);
	comment[size] = '\0';
	if (statement_check(comment, payload, "input", &epoch, &err) == 0 &&
	    (epoch < 1 || epoch > STATEMENT_MAX_EPOCH))
		abort();
	return 0;
}
