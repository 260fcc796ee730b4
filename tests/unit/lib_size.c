/* SPDX-License-Identifier: BSD-2-Clause */
/* Sizes as people write them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lib/size.h"

static void parsed(void **state)
{
	uint64_t size = 0;

	(void)state;
	assert_true(size_parse("65536", &size) && size == 65536);
	assert_true(size_parse("256K", &size) && size == 262144);
	assert_true(size_parse("4M", &size) && size == 4194304);
	assert_true(size_parse("0", &size) && size == 0);
}

static void refused(void **state)
{
	static const char *const words[] = {
		"", "K", "4k", "4KiB", "-4", "+4", " 4", "4 ", "0x10", "4.5M", "999999999999999999M",
		"99999999999999999999",
	};
	uint64_t size;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		assert_false(size_parse(words[i], &size));
}

static void buffers(void **state)
{
	(void)state;
	assert_true(size_is_buffer(4096));
	assert_true(size_is_buffer(1 << 30));
	assert_false(size_is_buffer(0));
	assert_false(size_is_buffer(2048));
	assert_false(size_is_buffer(12288));
	assert_false(size_is_buffer(1ull << 31));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parsed),
		cmocka_unit_test(refused),
		cmocka_unit_test(buffers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
