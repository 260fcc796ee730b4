/* SPDX-License-Identifier: BSD-2-Clause */
/* Reading below a root directory: links stay inside, and a busy host does not make it fail. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "host/root.h"
#include "lib/file.h"
#include "tests/unit/needs.h"

static char scratch[] = "/tmp/host_root.XXXXXX";
static const char real_file[] = "usr/lib/os-release";
static const char *const folders[] = { "usr/lib", "usr", "etc", "one", "two" };

static int make_root(void **state)
{
	static int fd;

	if (!mkdtemp(scratch))
		return -1;
	fd = root_open(scratch, NULL);
	if (fd < 0 || dir_make(fd, "usr/lib", 0755, NULL) || dir_make(fd, "etc", 0755, NULL) ||
	    dir_make(fd, "one", 0755, NULL) ||
	    file_publish(fd, real_file, slice_of("ID=debian\n", 10), 0644, NULL) ||
	    symlinkat("../usr/lib/os-release", fd, "etc/os-release") < 0 ||
	    symlinkat("/etc/os-release", fd, "etc/absolute") < 0 ||
	    symlinkat("../../../../../../../../etc/os-release", fd, "etc/far") < 0)
		return -1;
	*state = &fd;
	return 0;
}

static int remove_root(void **state)
{
	int fd = *(int *)*state;
	size_t i;

	unlinkat(fd, "etc/os-release", 0);
	unlinkat(fd, "etc/absolute", 0);
	unlinkat(fd, "etc/far", 0);
	unlinkat(fd, real_file, 0);
	for (i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		unlinkat(fd, folders[i], AT_REMOVEDIR);
	close(fd);
	return rmdir(scratch);
}

static int read_id(int root, const char *path)
{
	struct buffer text = { 0 };
	int code = root_read(root, path, 100, &text);

	if (!code)
		assert_memory_equal(text.data, "ID=debian\n", 10);
	buffer_free(&text);
	return code;
}

/* Whatever a link says, it is said of the root. */
static void links_stay_inside(void **state)
{
	int root = *(int *)*state;

	needs_openat2();
	assert_int_equal(read_id(root, "etc/os-release"), 0);
	assert_int_equal(read_id(root, "etc/absolute"), 0);
	assert_int_equal(read_id(root, "etc/far"), 0);
	assert_int_equal(read_id(root, "etc/nothing"), -ENOENT);
}

static atomic_bool stop;

static void *rename_all_the_time(void *context)
{
	int root = *(int *)context;

	while (!stop) {
		renameat(root, "one", root, "two");
		renameat(root, "two", root, "one");
	}
	return NULL;
}

/* openat2(2) gives EAGAIN where a ".." meets a rename, anywhere on the host. */
static void renames_elsewhere_do_no_harm(void **state)
{
	int root = *(int *)*state, i, failed = 0;
	pthread_t thread;

	assert_int_equal(pthread_create(&thread, NULL, rename_all_the_time, &root), 0);
	for (i = 0; i < 20000; i++)
		failed += read_id(root, "etc/os-release") != 0;
	stop = true;
	pthread_join(thread, NULL);
	assert_int_equal(failed, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(links_stay_inside),
		cmocka_unit_test(renames_elsewhere_do_no_harm),
	};

	return cmocka_run_group_tests_name("host/root", tests, make_root, remove_root);
}
