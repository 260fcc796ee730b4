/* SPDX-License-Identifier: BSD-2-Clause */
/* Where compilers run: that a program there ends, what it says, and what it leaves. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/file.h"

#include "tests/unit/workshop.h"

enum { MAX_SIZE = 1000 };

/* Seconds that nobody else sleeps: by them a sleeper is found. */
static const char *sleep_time(void)
{
	static char text[32];

	snprintf(text, sizeof(text), "%d.987", 1000 + getpid());
	return text;
}

/* How many sleep that long; the bracket keeps grep from finding itself. */
static int count_sleepers(void)
{
	const char *time = sleep_time();
	char command[256];
	FILE *pipe;
	int count = -1;

	snprintf(command, sizeof(command), "cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' '\\n' | "
		 "grep -cx '[%c]%s'", time[0], time + 1);
	pipe = popen(command, "r");
	assert_non_null(pipe);
	assert_int_equal(fscanf(pipe, "%d", &count), 1);
	pclose(pipe);
	return count;
}

static void for_a_time(void **state)
{
	const char *const argv[] = { "/bin/sleep", sleep_time(), NULL };
	struct error err = ERROR_NONE;
	char script[128];

	(void)state;
	workshop.seconds = 1;
	assert_int_equal(workshop_run(&workshop, argv, &said, &err), -ETIMEDOUT);
	assert_string_equal(err.text, "/bin/sleep: took more than 1 seconds, and was stopped");
	/* Nor longer when it has nothing to say any more, or works hard. */
	snprintf(script, sizeof(script), "exec sleep %s >/dev/null 2>&1", sleep_time());
	assert_int_equal(run_script(script, &err), -ETIMEDOUT);
	assert_int_equal(run_script("ulimit -t 1; while :; do :; done & exec >/dev/null 2>&1; wait $!",
				    &err), -ETIMEDOUT);
	assert_int_equal(count_sleepers(), 0);
}

static void at_limits(void **state)
{
	struct error err;
	int code;

	(void)state;
	workshop.memory = 64 << 20;
	workshop.seconds = 60;
	assert_int_equal(run_script("ulimit -v", &err), 0);
	if (strcmp((char *)said.data, "65536\n") != 0) {
		print_message("RLIMIT_AS is not held here, as under an emulator\n");
		skip();
	}
	expect("ulimit -v; ulimit -t; ulimit -c", "65536\n60\n0\n");
	code = run_script("tail -n 1 /dev/zero", &err);
	assert_int_not_equal(code, 0);
	assert_true(code > 0 || code == -ENOMEM || code == -ECANCELED);
	assert_int_equal(run_script("kill -KILL $$", &err), -ENOMEM);
	assert_int_equal(run_script("kill -SEGV $$", &err), -ECANCELED);
	assert_non_null(strstr(err.text, "was killed by signal 11"));
	assert_int_equal(run_script("kill -XCPU $$", &err), -ETIMEDOUT);
}

static void exit_statuses(void **state)
{
	const char *const none[] = { "/bin/no-such-program", NULL };
	struct error err;

	(void)state;
	assert_int_equal(run_script("echo one; echo two >&2; exit 7", &err), 7);
	assert_string_equal((char *)said.data, "one\ntwo\n");
	assert_int_equal(workshop_run(&workshop, none, &said, &err), -ENOEXEC);
	assert_string_equal(err.text, "/bin/no-such-program: cannot be run by an unprivileged user");
}

/* Of much that is said, the start. */
static void long_speeches(void **state)
{
	struct error err;

	(void)state;
	assert_int_equal(run_script("head -c 1000000 /dev/zero | tr '\\0' x", &err), 0);
	assert_int_equal(said.size, 256 * 1024);
	assert_int_equal(said.data[said.size - 1], 'x');
	assert_int_equal(said.data[said.size], '\0');
}

static void nothing_is_left(void **state)
{
	struct stat status;
	struct error err;
	char path[sizeof(workshop.path)], script[256];

	(void)state;
	needs_root();
	assert_int_equal(stat(workshop.path, &status), 0);
	assert_int_equal(status.st_mode & 07777, 0700);
	snprintf(script, sizeof(script), "setsid -f sleep %s >/dev/null 2>&1; mkdir -p a/b/c; "
		 "echo >a/b/c/d; chmod 0 a/b; ln -s /etc link; mkfifo pipe; echo >.hidden", sleep_time());
	assert_int_equal(run_script(script, &err), 0);
	assert_int_equal(count_sleepers(), 1);
	snprintf(path, sizeof(path), "%s", workshop.path);
	workshop_close(&workshop);
	assert_int_equal(count_sleepers(), 0);
	assert_int_equal(lstat(path, &status), -1);
	assert_int_equal(errno, ENOENT);
	assert_int_equal(access("/etc/hostname", F_OK), 0);
	workshop_close(&workshop);
}

static void expect_taken(const char *name, const char *text)
{
	struct buffer out = { 0 };
	struct error err = ERROR_NONE;

	if (workshop_take(&workshop, name, MAX_SIZE, &out, &err))
		fail_msg("%s", err.text);
	assert_int_equal(out.size, strlen(text));
	assert_memory_equal(out.data, text, out.size);
	buffer_free(&out);
}

static void expect_not_taken(const char *name, int code)
{
	struct buffer out = { 0 };
	struct error err = ERROR_NONE;

	assert_int_equal(workshop_take(&workshop, name, MAX_SIZE, &out, &err), code);
	assert_int_equal(err.code, code);
	assert_int_equal(out.size, 0);
	buffer_free(&out);
}

static void what_is_taken(void **state)
{
	struct error err;

	(void)state;
	expect("echo text >file; ln -s /etc/hostname link; ln -s file inner; mkfifo pipe; mkdir folder; "
	       "head -c 1000 /dev/zero | tr '\\0' x >most; head -c 1001 /dev/zero >more", "");
	expect_taken("file", "text\n");
	expect_not_taken("link", -ELOOP);
	expect_not_taken("inner", -ELOOP);
	expect_not_taken("pipe", -EBADMSG);
	expect_not_taken("folder", -EBADMSG);
	expect_not_taken("more", -EFBIG);
	expect_not_taken("none", -ENOENT);
	/* A file of somebody else's, under another name. */
	if (geteuid() == 0) {
		assert_int_equal(workshop_put(&workshop, "root", slice_of("x", 1), &err), 0);
		expect_not_taken("root", -EBADMSG);
	}
}

/* What a program left under that name is no trap. */
static void what_is_put(void **state)
{
	struct buffer bytes = { 0 };
	struct error err = ERROR_NONE;
	char script[1024];

	(void)state;
	assert_int_equal(workshop_put(&workshop, "file", slice_of("one\n", 4), &err), 0);
	expect("cat file", "one\n");
	assert_int_equal(workshop_put(&workshop, "file", slice_of("two\n", 4), &err), 0);
	expect("cat file", "two\n");
	assert_int_equal(workshop_put(&workshop, "../file", slice_of("x", 1), &err), -EINVAL);
	assert_int_equal(in_outside("rm -f precious; echo old >precious; chmod 666 precious; chmod 711 ."),
			 0);
	snprintf(script, sizeof(script), "rm -f file; ln %s file || ln -s %s file; mkfifo pipe",
		 path_of("precious"), path_of("precious"));
	assert_int_equal(run_script(script, &err), 0);
	assert_int_equal(workshop_put(&workshop, "file", slice_of("new\n", 4), &err), 0);
	assert_int_equal(workshop_put(&workshop, "pipe", slice_of("new\n", 4), &err), 0);
	expect("cat file pipe", "new\nnew\n");
	assert_int_equal(file_read(AT_FDCWD, path_of("precious"), MAX_SIZE, &bytes, &err), 0);
	assert_int_equal(bytes.size, 4);
	assert_memory_equal(bytes.data, "old\n", 4);
	buffer_free(&bytes);
	assert_int_equal(workshop_link(&workshop, "name", ".", &err), 0);
	expect("cat name/file", "new\n");
	assert_int_equal(workshop_link(&workshop, "name", ".", &err), -EEXIST);
}

/* Where there is no folder to make one in. */
static void without_a_place(void **state)
{
	struct workshop other;
	struct error err;

	(void)state;
	setenv("TMPDIR", "/no-such-folder", 1);
	assert_int_equal(workshop_open(&other, &err), -ENOENT);
	assert_non_null(strstr(err.text, "/no-such-folder: no folder can be made there to build in"));
	workshop_close(&other);
	setenv("TMPDIR", "relative", 1);
	assert_int_equal(workshop_open(&other, &err), 0);
	assert_int_equal(strncmp(other.path, "/tmp/btferry.", strlen("/tmp/btferry.")), 0);
	workshop_close(&other);
	unsetenv("TMPDIR");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(for_a_time),
		TEST(at_limits),
		TEST(exit_statuses),
		TEST(long_speeches),
		TEST(nothing_is_left),
		TEST(what_is_taken),
		TEST(what_is_put),
		TEST(without_a_place),
	};

	return cmocka_run_group_tests(tests, set_up_all, tear_down_all);
}
