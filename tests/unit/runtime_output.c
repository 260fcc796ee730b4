/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lines to a file that can be full, truncated, renamed and removed at any point.  A limit to the
 * size of files (RLIMIT_FSIZE) stands for a full disk: it cuts a write(2) anywhere.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "lib/console.h"
#include "lib/file.h"

#include "runtime/output.h"

static struct output *output;

static int enter_folder(void **state)
{
	static char folder[] = "/tmp/btferry-output-XXXXXX";

	(void)state;
	console_set_quiet(true);
	signal(SIGXFSZ, SIG_IGN);
	return mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

static int leave_folder(void **state)
{
	char folder[64];

	(void)state;
	return getcwd(folder, sizeof(folder)) && chdir("/") == 0 && rmdir(folder) == 0 ? 0 : -1;
}

static int open_file(void **state)
{
	struct error err = ERROR_NONE;

	(void)state;
	return output_open("file", &output, &err);
}

static void limit_files(rlim_t size)
{
	struct rlimit limit;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = size;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static int close_file(void **state)
{
	(void)state;
	output_close(output);
	limit_files(RLIM_INFINITY);
	unlink("file");
	unlink("old");
	return 0;
}

static void write_lines(const char *lines)
{
	struct error err = ERROR_NONE;

	assert_int_equal(buffer_append(output_buffer(output), lines, strlen(lines)), 0);
	assert_int_equal(output_write(output, &err), 0);
}

static void assert_holds(const char *path, const char *text)
{
	struct buffer content = { 0 };
	struct error err = ERROR_NONE;

	assert_int_equal(file_read(AT_FDCWD, path, 4096, &content, &err), 0);
	assert_int_equal(buffer_append(&content, "", 1), 0);
	assert_string_equal((char *)content.data, text);
	buffer_free(&content);
}

static void assert_counts(uint64_t lines, uint64_t unwritten)
{
	assert_int_equal(output_counts(output).lines, lines);
	assert_int_equal(output_counts(output).unwritten, unwritten);
}

static void whole_lines(void **state)
{
	(void)state;
	write_lines("one\ntwo\n");
	write_lines("three\n");
	assert_holds("file", "one\ntwo\nthree\n");
	assert_counts(3, 0);
	assert_int_equal(output_counts(output).bytes, 14);
}

static void a_torn_line_is_completed_when_there_is_room(void **state)
{
	(void)state;
	limit_files(6);
	write_lines("one\ntwo\nthree\n");
	assert_holds("file", "one\ntw");
	assert_counts(1, 1);
	write_lines("four\n");
	assert_holds("file", "one\ntw");
	assert_counts(1, 2);
	limit_files(RLIM_INFINITY);
	write_lines("five\n");
	assert_holds("file", "one\ntwo\nfive\n");
	assert_counts(3, 2);
	assert_int_equal(output_counts(output).errors, 2);
}

static void a_torn_line_goes_whole_to_the_next_file(void **state)
{
	(void)state;
	limit_files(6);
	write_lines("one\ntwo\nthree\n");
	assert_int_equal(rename("file", "old"), 0);
	output_reopen(output);
	write_lines("");
	assert_holds("old", "one\n");
	assert_holds("file", "two\n");
	assert_counts(2, 1);
}

static void a_torn_line_is_completed_before_the_file_is_left(void **state)
{
	(void)state;
	limit_files(6);
	write_lines("one\ntwo\n");
	limit_files(RLIM_INFINITY);
	assert_int_equal(rename("file", "old"), 0);
	output_reopen(output);
	write_lines("three\n");
	assert_holds("old", "one\ntwo\n");
	assert_holds("file", "three\n");
	assert_counts(3, 0);
}

static void the_rest_of_a_line_whose_start_was_truncated_is_not_written(void **state)
{
	(void)state;
	limit_files(6);
	write_lines("one\ntwo\n");
	limit_files(RLIM_INFINITY);
	assert_int_equal(truncate("file", 0), 0);
	write_lines("three\n");
	assert_holds("file", "three\n");
	assert_counts(2, 1);
}

static void what_went_to_a_removed_file_is_written_again(void **state)
{
	(void)state;
	write_lines("one\n");
	assert_int_equal(unlink("file"), 0);
	write_lines("two\n");
	assert_holds("file", "two\n");
	assert_counts(2, 0);
}

static void a_torn_line_at_the_end_is_counted(void **state)
{
	struct error err = ERROR_NONE;

	(void)state;
	limit_files(6);
	write_lines("one\ntwo\n");
	assert_counts(1, 0);
	assert_int_equal(output_finish(output, &err), 0);
	assert_counts(1, 1);
	/* Who comes next ends it. */
	output_close(output);
	limit_files(RLIM_INFINITY);
	assert_int_equal(output_open("file", &output, &err), 0);
	write_lines("three\n");
	assert_holds("file", "one\ntw\nthree\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(whole_lines, open_file, close_file),
		cmocka_unit_test_setup_teardown(a_torn_line_is_completed_when_there_is_room, open_file,
						close_file),
		cmocka_unit_test_setup_teardown(a_torn_line_goes_whole_to_the_next_file, open_file,
						close_file),
		cmocka_unit_test_setup_teardown(a_torn_line_is_completed_before_the_file_is_left,
						open_file, close_file),
		cmocka_unit_test_setup_teardown(the_rest_of_a_line_whose_start_was_truncated_is_not_written,
						open_file, close_file),
		cmocka_unit_test_setup_teardown(what_went_to_a_removed_file_is_written_again, open_file,
						close_file),
		cmocka_unit_test_setup_teardown(a_torn_line_at_the_end_is_counted, open_file, close_file),
	};

	return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
