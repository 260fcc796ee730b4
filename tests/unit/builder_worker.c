/* SPDX-License-Identifier: BSD-2-Clause */
/* Who works where compilers run: nobody else, without privileges, who sees what is given. */
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

#include "lib/file.h"

#include "tests/unit/workshop.h"

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
	};

	return cmocka_run_group_tests(tests, set_up_all, tear_down_all);
}
