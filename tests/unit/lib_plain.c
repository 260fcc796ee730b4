/* SPDX-License-Identifier: BSD-2-Clause */
/* What somebody else chose steers no terminal, whether it is in an error or on the console. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/console.h"
#include "lib/plain.h"

static const struct {
	const char *text, *shown;
} texts[] = {
	{ "", "" },
	{ "6.1.0-54", "6.1.0-54" },
	{ "Zürich → ☃ 𝄞", "Zürich → ☃ 𝄞" },
	{ "a\\x1bb", "a\\x1bb" },
	{ "\033[2J", "\\x1b[2J" },
	{ "a\nb\tc\rd\177", "a\\x0ab\\x09c\\x0dd\\x7f" },
	{ "\302\2332J", "\\xc2\\x9b2J" },                     /* CSI as one character, U+009B */
	{ "\342\200\256txt", "\\xe2\\x80\\xaetxt" },          /* right to left from here on */
	{ "\377\300\200\355\240\200", "\\xff\\xc0\\x80\\xed\\xa0\\x80" }, /* no UTF-8 */
};

static void nothing_steers(void **state)
{
	struct buffer out = { 0 };
	char copy[64];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		plain_copy(copy, sizeof(copy), texts[i].text);
		assert_string_equal(copy, texts[i].shown);
		assert_int_equal(plain_is(texts[i].text), !strcmp(texts[i].text, texts[i].shown));
		out.size = 0;
		assert_int_equal(plain_append_name(&out, texts[i].text), 0);
		assert_int_equal(out.size, strlen(texts[i].shown));
		assert_memory_equal(out.data, texts[i].shown, out.size);
	}
	buffer_free(&out);
}

static void what_has_no_room_is_cut(void **state)
{
	char copy[6];

	(void)state;
	plain_copy(copy, sizeof(copy), "abcdefg");
	assert_string_equal(copy, "abcde");
	plain_copy(copy, sizeof(copy), "ab\n");
	assert_string_equal(copy, "ab"); /* no part of an escape */
	plain_copy(copy, sizeof(copy), "abcdü");
	assert_string_equal(copy, "abcd"); /* no part of a character */
}

static void errors_are_plain(void **state)
{
	struct error err;

	(void)state;
	error_set(&err, -EBADMSG, "%s: section %s", "a\nb", "\033]0;x\007");
	assert_string_equal(err.text, "a\\x0ab: section \\x1b]0;x\\x07");
	error_wrap(&err, "%s", "\r");
	assert_string_equal(err.text, "\\x0d: a\\x0ab: section \\x1b]0;x\\x07");
	error_errno(&err, -ENOENT, "%s", "c\033d");
	assert_string_equal(err.text, "c\\x1bd: No such file or directory");
}

/* What a function prints on standard error. */
static void printed(void (*print)(void), char *out, size_t size)
{
	int ends[2], before = dup(STDERR_FILENO);
	ssize_t got;

	assert_int_equal(pipe(ends), 0);
	assert_true(before >= 0 && dup2(ends[1], STDERR_FILENO) >= 0);
	close(ends[1]);
	print();
	assert_true(dup2(before, STDERR_FILENO) >= 0);
	close(before);
	got = read(ends[0], out, size - 1);
	close(ends[0]);
	assert_true(got >= 0);
	out[got] = '\0';
}

static void print_hostile(void)
{
	console_error("%s: is no command", "\033[31mx\n");
}

static void the_console_is_plain(void **state)
{
	char line[128];

	(void)state;
	console_init("btferry", false);
	printed(print_hostile, line, sizeof(line));
	assert_string_equal(line, "btferry: \\x1b[31mx\\x0a: is no command\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_steers),
		cmocka_unit_test(what_has_no_room_is_cut),
		cmocka_unit_test(errors_are_plain),
		cmocka_unit_test(the_console_is_plain),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
