/* SPDX-License-Identifier: BSD-2-Clause */
/* Slices, loads, arrays, digests and errors: the ground that all else stands on. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "lib/array.h"
#include "lib/digest.h"
#include "lib/error.h"

static void loads_are_little_endian(void **state)
{
	const uint8_t bytes[] = { 0x01, 0x02, 0x03, 0x84, 0x05, 0x06, 0x07, 0xf8 };
	uint8_t back[8];

	(void)state;
	assert_int_equal(load_le16(bytes), 0x0201);
	assert_int_equal(load_le32(bytes), 0x84030201u);
	assert_true(load_le64(bytes) == 0xf807060584030201ull);
	store_le64(back, load_le64(bytes));
	assert_memory_equal(back, bytes, sizeof(bytes));
}

static void parts_stay_inside(void **state)
{
	const uint8_t bytes[10] = { 0 };
	struct slice whole = slice_of(bytes, sizeof(bytes)), part = slice_of(NULL, 99);

	(void)state;
	assert_true(slice_part(whole, 0, 10, &part));
	assert_true(slice_part(whole, 10, 0, &part));
	assert_int_equal(part.size, 0);
	part.size = 99;
	assert_false(slice_part(whole, 10, 1, &part));
	assert_false(slice_part(whole, 11, 0, &part));
	/* offset + size wraps around */
	assert_false(slice_part(whole, UINT64_MAX, 2, &part));
	assert_false(slice_part(whole, 2, UINT64_MAX, &part));
	assert_int_equal(part.size, 99);
}

static void buffers_grow(void **state)
{
	struct buffer buffer = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < 100000; i++)
		assert_int_equal(buffer_append(&buffer, "ab", 2), 0);
	assert_int_equal(buffer_append(&buffer, NULL, 3), 0);
	assert_int_equal(buffer.size, 200003);
	assert_memory_equal(buffer.data + 199998, "ab\0\0\0", 5);
	assert_int_equal(buffer_append(&buffer, "x", SIZE_MAX), -ENOMEM);
	assert_int_equal(buffer.size, 200003);
	buffer_free(&buffer);
	assert_null(buffer.data);
}

static void arrays_refuse_to_overflow(void **state)
{
	struct { char item[1 << 20]; } *items = NULL;
	size_t capacity = 0;

	(void)state;
	assert_int_equal(array_grow(&items, 0, &capacity), 0);
	assert_true(capacity >= 1);
	capacity = SIZE_MAX / 2;
	assert_int_equal(array_grow(&items, SIZE_MAX / 2, &capacity), -ENOMEM);
	free(items);
}

/* FIPS 180-4's example, "abc". */
static void digest_is_sha256(void **state)
{
	const char *expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
	struct digest digest = digest_of(slice_of("abc", 3)), parsed;
	char hex[DIGEST_HEX_SIZE];
	struct digest_state parts;

	(void)state;
	assert_string_equal(digest_hex(&digest, hex), expected);
	digest_init(&parts);
	digest_update(&parts, "a", 1);
	digest_update(&parts, "bc", 2);
	parsed = digest_final(&parts);
	assert_int_equal(digest_compare(&digest, &parsed), 0);
	assert_true(digest_parse(expected, &parsed));
	assert_int_equal(digest_compare(&digest, &parsed), 0);
	assert_false(digest_parse("ba78", &parsed));
	hex[10] = 'g';
	assert_false(digest_parse(hex, &parsed));
	assert_false(digest_is_zero(&digest));
	assert_true(digest_is_zero(&(struct digest){ { 0 } }));
}

static void errors_gather_context(void **state)
{
	struct error err = ERROR_NONE;

	(void)state;
	assert_int_equal(error_errno(&err, -ENOENT, "%s", "vmlinux"), -ENOENT);
	assert_int_equal(error_wrap(&err, "kernel %d", 5), -ENOENT);
	assert_string_equal(err.text, "kernel 5: vmlinux: No such file or directory");
	assert_int_equal(error_set(NULL, -EBADMSG, "nobody listens"), -EBADMSG);
}

static void failures_have_exit_codes(void **state)
{
	(void)state;
	assert_int_equal(error_status(0), STATUS_DONE);
	assert_int_equal(error_status(-EBADMSG), STATUS_DAMAGED);
	assert_int_equal(error_status(-ENOTSUP), STATUS_DAMAGED);
	assert_int_equal(error_status(-EISDIR), STATUS_DAMAGED);
	assert_int_equal(error_status(-EPERM), STATUS_BLOCKED);
	assert_int_equal(error_status(-EACCES), STATUS_BLOCKED);
	assert_int_equal(error_status(-ENOSPC), STATUS_SYSTEM);
	assert_int_equal(error_status(-ENOENT), STATUS_SYSTEM);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(loads_are_little_endian),
		cmocka_unit_test(parts_stay_inside),
		cmocka_unit_test(buffers_grow),
		cmocka_unit_test(arrays_refuse_to_overflow),
		cmocka_unit_test(digest_is_sha256),
		cmocka_unit_test(errors_gather_context),
		cmocka_unit_test(failures_have_exit_codes),
	};

	return cmocka_run_group_tests_name("lib/bytes", tests, NULL, NULL);
}
