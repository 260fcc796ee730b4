/* SPDX-License-Identifier: BSD-2-Clause */
/* What tells one build of a kernel from another: the banner in .rodata, and the build ID's note. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "host/debug_info_parts.h"

static const struct btf_build build = { "6.1.0", "#1 SMP" };

static bool is_of_another(const char *text)
{
	return btf_image_is_of_another(slice_of(text, strlen(text)), &build);
}

static void banners(void **state)
{
	(void)state;
	assert_false(is_of_another("..Linux version 6.1.0 (a@b) (gcc) #1 SMP\n.."));
	assert_true(is_of_another("..Linux version 6.1.0 (a@b) (gcc) #2 SMP\n.."));
	assert_true(is_of_another("..Linux version 6.1.01 (a@b) (gcc) #1 SMP\n.."));
	assert_true(is_of_another("Linux version %s (a)\nLinux version 6.2.0 (a@b) (gcc) #1 SMP\n"));
	/* None, or one that does not end: it cannot be told. */
	assert_false(is_of_another("Linux version 6.2.0 (a@b)"));
	assert_false(is_of_another("Linux version "));
	assert_false(is_of_another(""));
	/* As of a file without .rodata. */
	assert_false(btf_image_is_of_another((struct slice){ 0 }, &build));
}

/* Header: size of the name, size of the description, type. */
static void build_ids(void **state)
{
	static const uint8_t other[] = { 4,   0,   0,   0, 1, 0, 0, 0, 1, 0, 0, 0,
					 'G', 'N', 'U', 0, 7, 0, 0, 0 };
	static const uint8_t id[] = { 4,   0,   0,   0, 2, 0, 0, 0, 3, 0, 0, 0,
				      'G', 'N', 'U', 0, 8, 9, 0, 0 };
	uint8_t notes[sizeof(other) + sizeof(id)];
	struct slice found;
	size_t i;

	(void)state;
	memcpy(notes, other, sizeof(other));
	memcpy(notes + sizeof(other), id, sizeof(id));
	found = debug_info_build_id(slice_of(notes, sizeof(notes)));
	assert_int_equal(found.size, 2);
	assert_ptr_equal(found.data, notes + sizeof(other) + 16);
	/* Cut off anywhere before the description's end, there is none. */
	for (i = 0; i < sizeof(notes) - 2; i++)
		assert_int_equal(debug_info_build_id(slice_of(notes, i)).size, 0);
	/* Sizes that reach beyond, or around. */
	for (i = 0; i < 8; i++) {
		memcpy(notes, other, sizeof(other));
		notes[i] = 0xff;
		notes[i | 3] = 0xff;
		assert_int_equal(debug_info_build_id(slice_of(notes, sizeof(notes))).size, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(banners),
		cmocka_unit_test(build_ids),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
