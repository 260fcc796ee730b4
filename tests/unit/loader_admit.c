/* SPDX-License-Identifier: BSD-2-Clause */
/* What was verified is what is used, whatever becomes of the file meanwhile. */
#include <errno.h>

#include "tests/unit/fake_root.h"

#include "loader/admit.h"

#define SAMPLE "tests/files/payload/good-worked-example.payload"
#define SIGNATURE "tests/files/signature/worked-example.payload.minisig"
#define PUBLIC_KEY "tests/files/signature/worked-example.pub"

static struct trust trust;
static char key_path[] = "key.pub";
static struct trusted_key key = { .path = key_path };

static int set_up(void **state)
{
	struct buffer text = { 0 };

	(void)state;
	if (file_read(AT_FDCWD, PUBLIC_KEY, MINISIGN_MAX_FILE, &text, NULL) ||
	    minisign_key_read(buffer_slice(&text), PUBLIC_KEY, &key.key, NULL))
		return -1;
	buffer_free(&text);
	trust = (struct trust){ .policy = TRUST_REQUIRE, .keys = &key, .count = 1 };
	return 0;
}

static void copy(const struct fake_root *root, const char *from, const char *to)
{
	struct buffer bytes = { 0 };

	assert_int_equal(file_read(AT_FDCWD, from, SIZE_MAX, &bytes, NULL), 0);
	fake_root_put(root, to, bytes.data, bytes.size);
	buffer_free(&bytes);
}

static void a_file_that_changes_afterwards_changes_nothing(void **state)
{
	struct fake_root root = fake_root_make();
	struct error err = ERROR_NONE;
	struct admitted admitted;
	char path[128];
	struct stat st;
	off_t at;
	int fd;

	(void)state;
	copy(&root, SAMPLE, "a.payload");
	copy(&root, SIGNATURE, "a.payload" MINISIGN_SUFFIX);
	snprintf(path, sizeof(path), "%s/a.payload", root.path);
	assert_int_equal(admit_payload(&trust, path, path, &admitted, &err), 0);
	assert_int_equal(admitted.facts.state, SIGNATURE_GOOD);
	assert_int_equal(admitted.facts.epoch, 1);
	assert_string_equal(admitted.notice, "");

	/* In place, byte by byte, as a mapping would see it. */
	fd = open(path, O_RDWR);
	assert_true(fd >= 0);
	assert_int_equal(fstat(fd, &st), 0);
	for (at = 0; at < st.st_size; at++)
		assert_int_equal(pwrite(fd, "X", 1, at), 1);
	close(fd);
	assert_int_equal(payload_verify(admitted.payload, &err), 0);
	admitted_close(&admitted);

	assert_int_equal(admit_payload(&trust, path, path, &admitted, &err), -EKEYREJECTED);
	admitted_close(&admitted);
	fake_root_remove(&root);
}

static void what_a_generation_keeps_is_judged_alike(void **state)
{
	struct buffer payload = { 0 }, signature = { 0 };
	struct error err = ERROR_NONE;
	struct admitted admitted;

	(void)state;
	assert_int_equal(file_read(AT_FDCWD, SAMPLE, SIZE_MAX, &payload, NULL), 0);
	assert_int_equal(file_read(AT_FDCWD, SIGNATURE, SIZE_MAX, &signature, NULL), 0);
	assert_int_equal(admit_kept(&trust, buffer_slice(&payload), buffer_slice(&signature), "kept",
				    &admitted, &err), 0);
	admitted_close(&admitted);
	assert_int_equal(admit_kept(&trust, buffer_slice(&payload), slice_of(NULL, 0), "kept",
				    &admitted, &err), -EKEYREJECTED);
	admitted_close(&admitted);
	payload.data[payload.size / 2] ^= 1;
	assert_int_equal(admit_kept(&trust, buffer_slice(&payload), buffer_slice(&signature), "kept",
				    &admitted, &err), -EKEYREJECTED);
	admitted_close(&admitted);
	buffer_free(&payload);
	buffer_free(&signature);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_that_changes_afterwards_changes_nothing),
		cmocka_unit_test(what_a_generation_keeps_is_judged_alike),
	};

	return cmocka_run_group_tests(tests, set_up, NULL);
}
