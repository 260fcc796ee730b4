/* SPDX-License-Identifier: BSD-2-Clause */
/* Where compilers run: what a program there is, what it sees, and that it ends. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "builder/workshop.h"
#include "lib/file.h"

enum { MAX_SIZE = 1000 };

static struct workshop workshop;
static struct buffer said;
static char outside[] = "/tmp/btferry-workshop-test-XXXXXX"; /* a folder of the caller's */

/* Runs a script there; its exit status, or a negative errno.  What it said is in said. */
static int run_script(const char *script, struct error *err)
{
	const char *const argv[] = { "/bin/sh", "-c", script, NULL };

	*err = ERROR_NONE;
	said.size = 0;
	return workshop_run(&workshop, argv, &said, err);
}

/* It succeeds, and says this, and no more. */
static void expect(const char *script, const char *text)
{
	struct error err;
	int code = run_script(script, &err);

	if (code)
		fail_msg("%s: %d: %s%s", script, code, err.text, said.data ? (char *)said.data : "");
	assert_string_equal((char *)said.data, text);
	assert_int_equal(said.size, strlen(text));
}

static void needs_root(void)
{
	if (geteuid() != 0) {
		print_message("not root: who works there is who calls\n");
		skip();
	}
}

static int in_outside(const char *format)
{
	char command[512];

	snprintf(command, sizeof(command), "cd %s && %s", outside, format);
	return system(command);
}

static const char *path_of(const char *name)
{
	static char path[256];

	snprintf(path, sizeof(path), "%s/%s", outside, name);
	return path;
}

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

/* Neither root nor anybody that the system knows, in no group but its own. */
static void as_nobody_else(void **state)
{
	struct workshop other;
	struct error err;
	char text[64];

	(void)state;
	needs_root();
	assert_true(workshop.user > 1000);
	snprintf(text, sizeof(text), "%u\n%u\n%u\n", workshop.user, workshop.user, workshop.user);
	expect("/usr/bin/id -u; /usr/bin/id -g; /usr/bin/id -G", text);
	expect("getent passwd $(id -u) $(id -g); getent group $(id -g); exit 0", "");
	snprintf(text, sizeof(text), "Uid:\t%u\t%u\t%u\t%u\n", workshop.user, workshop.user,
		 workshop.user, workshop.user);
	expect("grep ^Uid: /proc/self/status", text);
	expect("grep '^CapPrm:' /proc/self/status", "CapPrm:\t0000000000000000\n");
	assert_int_equal(workshop_open(&other, &err), 0);
	assert_int_not_equal(other.user, workshop.user);
	workshop_close(&other);
}

/* A service may run as such a user: it is not taken, since it would be killed at the end. */
static void not_as_a_user_who_is_there(void **state)
{
	enum { TRIED = 120 }; /* as many, chosen at random, hardly ever differ */
	struct workshop others[TRIED];
	pid_t sleepers[TRIED];
	struct error err;
	int i, j;

	(void)state;
	needs_root();
	for (i = 0; i < TRIED; i++) {
		assert_int_equal(workshop_open(&others[i], &err), 0);
		for (j = 0; j < i; j++)
			assert_int_not_equal(others[i].user, others[j].user);
		sleepers[i] = fork();
		if (sleepers[i] == 0) {
			if (setresuid(others[i].user, others[i].user, others[i].user) == 0 &&
			    prctl(PR_SET_PDEATHSIG, SIGTERM) == 0)
				pause();
			_exit(1);
		}
		while (kill(sleepers[i], 0) == 0) {
			struct stat status;
			char path[64];

			snprintf(path, sizeof(path), "/proc/%d", sleepers[i]);
			if (stat(path, &status) == 0 && status.st_uid == others[i].user)
				break;
		}
	}
	for (i = 0; i < TRIED; i++) {
		workshop_close(&others[i]);
		assert_int_equal(waitpid(sleepers[i], &j, 0), sleepers[i]);
		assert_true(WIFSIGNALED(j) && WTERMSIG(j) == SIGKILL);
	}
}

static void without_new_privileges(void **state)
{
	(void)state;
	if (system("grep -q ^NoNewPrivs: /proc/self/status")) {
		print_message("this kernel does not tell of no_new_privs\n");
		skip();
	}
	expect("grep ^NoNewPrivs: /proc/self/status", "NoNewPrivs:\t1\n");
}

static void without_network(void **state)
{
	(void)state;
	needs_root();
	if (system("unshare -n sh -c 'tail -n +3 /proc/net/dev | grep -qv lo: && exit 1; exit 0' "
		   "2>/dev/null")) {
		print_message("no network namespaces here\n");
		skip();
	}
	expect("tail -n +3 /proc/net/dev | cut -d: -f1 | tr -d ' '", "lo\n");
	expect("(exec 3<>/dev/tcp/127.0.0.1/9) 2>/dev/null || echo none", "none\n");
}

/* What the caller has in its environment is none of its business. */
static void with_its_own_environment(void **state)
{
	char text[4 * sizeof(workshop.path)];

	(void)state;
	setenv("BTFERRY_TEST_SECRET", "secret", 1);
	setenv("LD_PRELOAD_IN_DISGUISE", "secret", 1);
	expect("env | grep -i secret; exit 0", "");
	unsetenv("BTFERRY_TEST_SECRET");
	unsetenv("LD_PRELOAD_IN_DISGUISE");
	snprintf(text, sizeof(text), "%s\n%s\n%s\nC\n", workshop.path, workshop.path, workshop.path);
	expect("echo $HOME; echo $TMPDIR; pwd; echo $LC_ALL", text);
}

/* Standard input has nothing, and what else the caller has open is closed. */
static void with_its_own_descriptors(void **state)
{
	static const char list[] = "for i in $(seq 0 255); do [ ! -e /proc/$$/fd/$i ] || echo $i; done";
	int low = open("/etc/hostname", O_RDONLY), high = fcntl(low, F_DUPFD, 200);

	(void)state;
	assert_true(low >= 0 && high >= 200);
	expect(list, "0\n1\n2\n");
	expect("cat; readlink /proc/$$/fd/0", "/dev/null\n");
	assert_int_equal(workshop_give(&workshop, 1, "/usr"), 0);
	expect(list, "0\n1\n2\n4\n");
	assert_int_equal(workshop_give(&workshop, 0, "/etc"), 0);
	expect("readlink " WORKSHOP_GIVEN_0 " " WORKSHOP_GIVEN_1, "/etc\n/usr\n");
	close(low);
	close(high);
}

/* A caller that has closed its own standard descriptors. */
static void for_a_caller_without_any(void **state)
{
	int status = 0;
	pid_t child = fork();

	(void)state;
	if (child == 0) {
		const char *const argv[] = { "/bin/sh", "-c", "echo to 1; echo to 2 >&2; cat", NULL };
		struct buffer text = { 0 };
		struct workshop own;
		struct error err;
		int code;

		close(STDIN_FILENO);
		close(STDOUT_FILENO);
		close(STDERR_FILENO);
		code = workshop_open(&own, &err);
		if (!code)
			code = workshop_give(&own, 0, "/etc");
		if (!code)
			code = workshop_run(&own, argv, &text, &err);
		workshop_close(&own);
		_exit(code == 0 && text.size == 10 && !memcmp(text.data, "to 1\nto 2\n", 10) ? 0 : 1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

static void without_files_of_root(void **state)
{
	struct error err;
	char script[512];

	(void)state;
	needs_root();
	assert_int_equal(in_outside("echo secret >secret && chmod 600 secret"), 0);
	snprintf(script, sizeof(script), "cat %s", path_of("secret"));
	assert_int_equal(run_script(script, &err), 1);
	assert_non_null(strstr((char *)said.data, "Permission denied"));
	assert_null(strstr((char *)said.data, "secret\n"));
	assert_int_equal(run_script("echo x >/etc/hostname", &err), 2);
	/* Nor when it is given, since nothing but the way there is. */
	assert_int_equal(workshop_give(&workshop, 0, path_of("secret")), 0);
	assert_false(workshop_can_read(&workshop, 0, NULL));
	assert_int_equal(run_script("cat " WORKSHOP_GIVEN_0, &err), 1);
}

/* What is readable by all, below a folder that is closed, as a home is. */
static void what_is_given(void **state)
{
	struct error err;
	char script[512];

	(void)state;
	needs_root();
	assert_int_equal(in_outside("mkdir -p home/headers/linux home/closed && "
				    "echo header >home/headers/linux/h && echo file >home/file && "
				    "echo no >home/closed/no && chmod 700 home/closed home"), 0);
	snprintf(script, sizeof(script), "cat %s", path_of("home/headers/linux/h"));
	assert_int_equal(run_script(script, &err), 1);
	assert_int_equal(workshop_give(&workshop, 0, path_of("home/headers")), 0);
	assert_int_equal(workshop_give(&workshop, 1, path_of("home/file")), 0);
	expect("cat " WORKSHOP_GIVEN_0 "/linux/h " WORKSHOP_GIVEN_1, "header\nfile\n");
	assert_true(workshop_can_read(&workshop, 0, "linux/h"));
	assert_true(workshop_can_read(&workshop, 1, NULL));
	assert_false(workshop_can_read(&workshop, 0, "linux/none"));
	/* Out of a given folder, no way leads up. */
	assert_int_not_equal(run_script("cat " WORKSHOP_GIVEN_0 "/../file", &err), 0);
	assert_int_equal(workshop_give(&workshop, 0, path_of("home/closed")), 0);
	assert_false(workshop_can_read(&workshop, 0, "no"));
	assert_int_equal(workshop_give(&workshop, 0, path_of("home/none")), -ENOENT);
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

static int set_up(void **state)
{
	struct error err;

	(void)state;
	unsetenv("TMPDIR");
	return workshop_open(&workshop, &err);
}

static int tear_down(void **state)
{
	(void)state;
	workshop_close(&workshop);
	buffer_free(&said);
	return 0;
}

static int set_up_all(void **state)
{
	(void)state;
	/* Others must get through it. */
	return mkdtemp(outside) && chmod(outside, 0711) == 0 ? 0 : -1;
}

static int tear_down_all(void **state)
{
	(void)state;
	return in_outside("cd / && rm -rf \"$OLDPWD\"");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(as_nobody_else),
		TEST(not_as_a_user_who_is_there),
		TEST(without_new_privileges),
		TEST(without_network),
		TEST(with_its_own_environment),
		TEST(with_its_own_descriptors),
		TEST(for_a_caller_without_any),
		TEST(without_files_of_root),
		TEST(what_is_given),
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
