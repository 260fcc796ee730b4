/* SPDX-License-Identifier: BSD-2-Clause */
/* What clang says, read back: the clang of this machine says it, about sources made here. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "builder/complaint.h"

#define CLANG "clang -fsyntax-only -ferror-limit=0 -fno-color-diagnostics " \
	      "-fno-caret-diagnostics -fdiagnostics-show-note-include-stack -I headers "

static char directory[] = "/tmp/btferry-complaint-XXXXXX";
static char said[64 * 1024];

static void put(const char *name, const char *text)
{
	FILE *file = fopen(name, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static void compile_with(const char *options)
{
	char command[512];
	size_t size;
	FILE *pipe;

	snprintf(command, sizeof(command), CLANG "%s source.c 2>&1", options);
	pipe = popen(command, "r");
	assert_non_null(pipe);
	size = fread(said, 1, sizeof(said) - 1, pipe);
	said[size] = '\0';
	pclose(pipe);
}

/* The next error is of this line of the source, and its text begins so. */
static void expect(struct complaint_reader *reader, unsigned line, bool is_included,
		   const char *text)
{
	struct complaint complaint;

	if (!complaint_next(reader, &complaint))
		fail_msg("no more errors in:\n%s", said);
	if (complaint.line != line || complaint.is_included != is_included ||
	    strcmp(complaint.text, text) != 0)
		fail_msg("line %u, %d: %s", complaint.line, complaint.is_included, complaint.text);
}

static void expect_end(struct complaint_reader *reader)
{
	struct complaint complaint;

	assert_false(complaint_next(reader, &complaint));
	assert_false(complaint_next(reader, &complaint));
}

static void in_the_source(void **state)
{
	struct complaint_reader reader;
	struct complaint first;

	(void)state;
	put("source.c", "int one;\nint f(void) { return g; }\n\nstruct none v;\n#include <none.h>\n");
	compile_with("");
	complaint_start(&reader, said, "source.c");
	expect(&reader, 2, false, "source.c:2:22: error: use of undeclared identifier 'g'");
	expect(&reader, 5, false, "source.c:5:10: fatal error: 'none.h' file not found");
	expect_end(&reader);
	complaint_first(said, &first);
	assert_string_equal(first.text, "source.c:2:22: error: use of undeclared identifier 'g'");
}

/*
 * Once for several errors in a row, clang says what included the file of them; a note in another
 * file, and a warning, change what it says next.
 */
static void in_headers(void **state)
{
	struct complaint_reader reader;
	struct complaint first;

	(void)state;
	put("headers/a.h", "#warning of a\n#include \"b.h\"\nmissing_1 x;\nmissing_2 y;\n");
	put("headers/b.h", "struct s { int a; };\nstruct s { int b; };\nmissing_3 z;\n"
	    "#include \"c.h\"\n");
	put("headers/c.h", "struct s { int c; };\nmissing_4 u;\n");
	put("source.c", "int one;\n#include <a.h>\nmissing_5 w;\n");
	compile_with("");
	assert_non_null(strstr(said, "warning: of a"));
	complaint_start(&reader, said, "source.c");
	expect(&reader, 2, true, "headers/b.h:2:8: error: redefinition of 's' "
	       "(included from headers/a.h:2)");
	expect(&reader, 2, true, "headers/b.h:3:1: error: unknown type name 'missing_3' "
	       "(included from headers/a.h:2)");
	expect(&reader, 2, true, "headers/c.h:1:8: error: redefinition of 's' "
	       "(included from headers/b.h:4)");
	expect(&reader, 2, true, "headers/c.h:2:1: error: unknown type name 'missing_4' "
	       "(included from headers/b.h:4)");
	expect(&reader, 2, true, "headers/a.h:3:1: error: unknown type name 'missing_1' "
	       "(included from source.c:2)");
	expect(&reader, 2, true, "headers/a.h:4:1: error: unknown type name 'missing_2' "
	       "(included from source.c:2)");
	expect(&reader, 3, false, "source.c:3:1: error: unknown type name 'missing_5'");
	expect_end(&reader);
	complaint_first(said, &first);
	assert_string_equal(first.text, "headers/b.h:2:8: error: redefinition of 's' "
			    "(included from headers/a.h:2)");
}

/* Two headers, each by a line of its own; the second lacks one itself. */
static void of_several_lines(void **state)
{
	struct complaint_reader reader;

	(void)state;
	put("headers/a.h", "#error of a\n");
	put("headers/b.h", "\n#include \"none.h\"\n");
	put("source.c", "#include <a.h>\nint f(void) { return 0 }\n\n#include <b.h>\n");
	compile_with("");
	complaint_start(&reader, said, "source.c");
	expect(&reader, 1, true, "headers/a.h:1:2: error: of a (included from source.c:1)");
	expect(&reader, 2, false, "source.c:2:23: error: expected ';' after return statement");
	expect(&reader, 4, true, "headers/b.h:2:10: fatal error: 'none.h' file not found "
	       "(included from source.c:4)");
	expect_end(&reader);
}

/* An error behind warnings in headers is not theirs. */
static void warnings_between(void **state)
{
	struct complaint_reader reader;
	struct complaint first;

	(void)state;
	put("headers/a.h", "#warning of a\n");
	put("source.c", "#include <a.h>\n#warning of the source\n#include <a.h>\nmissing x;\n");
	compile_with("");
	complaint_start(&reader, said, "source.c");
	expect(&reader, 4, false, "source.c:4:1: error: unknown type name 'missing'");
	expect_end(&reader);
	complaint_first(said, &first);
	assert_string_equal(first.text, "source.c:4:1: error: unknown type name 'missing'");
}

/* What a compiler says before it has read anything, or while it dies. */
static void without_a_place(void **state)
{
	static const char *const TEXTS[][2] = {
		{ "", "the compiler failed, and does not say why" },
		{ "\n \n", "the compiler failed, and does not say why" },
		{ "\nLLVM ERROR: out of memory\nStack dump:\n", "LLVM ERROR: out of memory" },
		{ "In file included from source.c:1:\n", "In file included from source.c:1:" },
		{ "In file included from ", "In file included from " },
	};
	struct complaint_reader reader;
	struct complaint complaint;
	size_t i;

	(void)state;
	put("source.c", "int one;\n");
	compile_with("--no-such-option");
	complaint_start(&reader, said, "source.c");
	expect(&reader, 0, true, "clang: error: unsupported option '--no-such-option'");
	expect_end(&reader);
	for (i = 0; i < sizeof(TEXTS) / sizeof(TEXTS[0]); i++) {
		complaint_start(&reader, TEXTS[i][0], "source.c");
		expect_end(&reader);
		complaint_first(TEXTS[i][0], &complaint);
		assert_string_equal(complaint.text, TEXTS[i][1]);
		assert_int_equal(complaint.line, 0);
	}
}

/* Names as long as can be: the text is cut, and says what it can. */
static void long_words(void **state)
{
	static char text[8192], name[2001];
	struct complaint_reader reader;
	struct complaint complaint;

	(void)state;
	memset(name, 'n', sizeof(name) - 1);
	snprintf(text, sizeof(text), "In file included from %s.h:99999999999999999999:\n"
		 "%s.h:1:1: error: %s\n", name, name, name);
	complaint_start(&reader, text, "source.c");
	assert_true(complaint_next(&reader, &complaint));
	assert_int_equal(strlen(complaint.text), 300 + strlen(" (included from ") + 160 + 1);
	complaint_first(text, &complaint);
	assert_int_equal(strlen(complaint.text), 300 + strlen(" (included from ") + 160 + 1);
	complaint_first(name, &complaint);
	assert_int_equal(strlen(complaint.text), 400);
}

static int set_up(void **state)
{
	(void)state;
	if (!mkdtemp(directory) || chdir(directory) < 0)
		return -1;
	return system("mkdir headers");
}

static int tear_down(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof(command), "cd / && rm -rf %s", directory);
	return system(command);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(in_the_source),
		cmocka_unit_test(in_headers),
		cmocka_unit_test(of_several_lines),
		cmocka_unit_test(warnings_between),
		cmocka_unit_test(without_a_place),
		cmocka_unit_test(long_words),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
