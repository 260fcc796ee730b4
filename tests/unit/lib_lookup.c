/* SPDX-License-Identifier: BSD-2-Clause */
/* Places by content: all that was added is found, nothing else, whatever the hashes. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lib/lookup.h"

enum { COUNT = 5000 };

static bool is_number(const void *items, size_t place, const void *key)
{
	return ((const uint32_t *)items)[place] == *(const uint32_t *)key;
}

static uint64_t honest(uint32_t number)
{
	return lookup_hash(0, &number, sizeof(number));
}

/* One that makes all items share two slots. */
static uint64_t poor(uint32_t number)
{
	return number % 2;
}

static void find_all(uint64_t (*hash)(uint32_t number), uint32_t count)
{
	struct lookup lookup = { .slots = NULL };
	static uint32_t numbers[COUNT];
	uint32_t i, key;

	key = 7;
	assert_int_equal(lookup_find(&lookup, hash(key), is_number, numbers, &key), -1);
	for (i = 0; i < count; i++) {
		numbers[i] = i * 3;
		assert_int_equal(lookup_add(&lookup, hash(numbers[i]), i), 0);
	}
	for (key = 0; key < count * 3; key++)
		assert_int_equal(lookup_find(&lookup, hash(key), is_number, numbers, &key),
				 key % 3 ? -1 : (int)(key / 3));
	lookup_free(&lookup);
	assert_null(lookup.slots);
}

static void many(void **state)
{
	(void)state;
	find_all(honest, COUNT);
	find_all(poor, COUNT / 10);
}

static void limits(void **state)
{
	struct lookup lookup = { .slots = NULL };

	(void)state;
	assert_int_equal(lookup_add(&lookup, 1, (size_t)LOOKUP_MAX + 1), -E2BIG);
	assert_int_equal(lookup_add(&lookup, 1, 0), 0);
	lookup_free(&lookup);
	/* In pieces or at once; and order counts. */
	assert_true(lookup_hash(lookup_hash(0, "ab", 2), "cd", 2) == lookup_hash(0, "abcd", 4));
	assert_true(lookup_hash(0, "abcd", 4) != lookup_hash(0, "abdc", 4));
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(many), cmocka_unit_test(limits) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
