/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "runtime/text.h"

static void expect(const char *bytes, size_t size, const char *expected)
{
	json_t *json = text_to_json(slice_of(bytes, size));

	assert_non_null(json);
	assert_string_equal(json_string_value(json), expected);
	json_decref(json);
}

#define EXPECT(bytes, expected) expect(bytes, sizeof(bytes) - 1, expected)

static void utf8_stays(void **state)
{
	(void)state;
	EXPECT("", "");
	EXPECT("plain \x01 text", "plain \x01 text");
	EXPECT("\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80", "\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80");
	EXPECT("\xf4\x8f\xbf\xbf", "\xf4\x8f\xbf\xbf"); /* U+10FFFF, the last one */
}

static void other_bytes_are_escaped_one_by_one(void **state)
{
	(void)state;
	EXPECT("a\xff" "b", "a\\xffb");
	EXPECT("\x80", "\\x80");
	EXPECT("\xc0\xaf", "\\xc0\\xaf");                 /* overlong */
	EXPECT("\xe0\x80\xaf", "\\xe0\\x80\\xaf");
	EXPECT("\xf0\x80\x80\xaf", "\\xf0\\x80\\x80\\xaf");
	EXPECT("\xed\xa0\x80", "\\xed\\xa0\\x80");        /* a surrogate */
	EXPECT("\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"); /* above U+10FFFF */
	EXPECT("\xe2\x82", "\\xe2\\x82");                 /* cut */
	EXPECT("\0x", "\\x00x");
}

static void a_backslash_cannot_be_mistaken(void **state)
{
	(void)state;
	EXPECT("C:\\dir", "C:\\dir");
	EXPECT("\\x41", "\\x5cx41");
}

/* jansson refuses what is not UTF-8: whatever the bytes, there is a string. */
static void every_pair_of_bytes_is_taken(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 65536; i++) {
		uint8_t bytes[] = { (uint8_t)i, (uint8_t)(i >> 8), 0xbf };
		json_t *json = text_to_json(slice_of(bytes, sizeof(bytes)));

		assert_non_null(json);
		json_decref(json);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(utf8_stays),
		cmocka_unit_test(other_bytes_are_escaped_one_by_one),
		cmocka_unit_test(a_backslash_cannot_be_mistaken),
		cmocka_unit_test(every_pair_of_bytes_is_taken),
	};

	return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
