/* SPDX-License-Identifier: BSD-2-Clause */
/* Files: whole or not at all, bounded, and with an error that names the path. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/file.h"

static int make_scratch(void **state)
{
	static char path[] = "/tmp/lib_file.XXXXXX";
	static int fd;

	if (!mkdtemp(path))
		return -1;
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	*state = &fd;
	return fd < 0;
}

static int remove_scratch(void **state)
{
	int fd = *(int *)*state;
	char link[64], path[64];
	ssize_t length;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	length = readlink(link, path, sizeof(path) - 1);
	if (length < 0)
		return -1;
	path[length] = '\0';
	unlinkat(fd, "file", 0);
	unlinkat(fd, "a/b/c", AT_REMOVEDIR);
	unlinkat(fd, "a/b", AT_REMOVEDIR);
	unlinkat(fd, "a", AT_REMOVEDIR);
	return rmdir(path);
}

static struct slice text(const char *s)
{
	return slice_of(s, strlen(s));
}

static void publishes_and_reads(void **state)
{
	int dir = *(int *)*state;
	struct buffer content = { 0 };
	struct stat st;

	mode_t mask = umask(022);

	assert_int_equal(file_publish(dir, "file", text("old"), 0600, NULL), 0);
	assert_int_equal(file_publish(dir, "file", text("newer"), 0664, NULL), 0);
	umask(mask);
	assert_int_equal(file_read(dir, "file", 5, &content, NULL), 0);
	assert_int_equal(content.size, 5);
	assert_memory_equal(content.data, "newer", 5);
	assert_int_equal(fstatat(dir, "file", &st, 0), 0);
	assert_int_equal(st.st_mode & 07777, 0644);
	buffer_free(&content);
}

/* A write that fails half-way leaves what was there, and nothing beside it. */
static void keeps_the_old_file_when_writing_fails(void **state)
{
	struct rlimit unlimited, small = { .rlim_cur = 10, .rlim_max = RLIM_INFINITY };
	int dir = *(int *)*state;
	struct error err = ERROR_NONE;
	struct buffer content = { 0 };
	char large[4096] = { 0 };

	assert_int_equal(file_publish(dir, "file", text("old"), 0600, NULL), 0);
	getrlimit(RLIMIT_FSIZE, &unlimited);
	small.rlim_max = unlimited.rlim_max;
	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &small);
	assert_int_equal(file_publish(dir, "file", slice_of(large, sizeof(large)), 0600, &err), -EFBIG);
	setrlimit(RLIMIT_FSIZE, &unlimited);
	assert_non_null(strstr(err.text, "file: cannot write"));
	assert_int_equal(file_read(dir, "file", 100, &content, NULL), 0);
	assert_int_equal(content.size, 3);
	assert_int_equal(faccessat(dir, "file.0.tmp", F_OK, 0), -1);
	buffer_free(&content);
}

static void bounds_what_it_reads(void **state)
{
	int dir = *(int *)*state;
	struct error err = ERROR_NONE;
	struct buffer content = { 0 };

	assert_int_equal(file_publish(dir, "file", text("123456"), 0600, NULL), 0);
	assert_int_equal(file_read(dir, "file", 5, &content, &err), -EFBIG);
	assert_int_equal(content.size, 0);
	assert_non_null(strstr(err.text, "file: larger than the 5 bytes"));
	assert_int_equal(file_read(AT_FDCWD, "/proc/self/stat", 100000, &content, NULL), 0);
	assert_true(content.size > 0);
	buffer_free(&content);
}

static void names_what_is_wrong(void **state)
{
	int dir = *(int *)*state;
	struct error err = ERROR_NONE;
	struct buffer content = { 0 };
	struct file_map map;

	assert_int_equal(file_read(dir, "nowhere", 5, &content, &err), -ENOENT);
	assert_string_equal(err.text, "nowhere: No such file or directory");
	assert_int_equal(file_map(dir, ".", &map, &err), -EISDIR);
	assert_string_equal(err.text, ".: is a directory, a file is wanted");
	assert_int_equal(file_map(AT_FDCWD, "/dev/null", &map, &err), -EBADMSG);
	assert_int_equal(file_read(AT_FDCWD, "/dev/null", 5, &content, &err), -EBADMSG);
	assert_int_equal(mkfifoat(dir, "fifo", 0600), 0);
	assert_int_equal(file_read(dir, "fifo", 5, &content, &err), -EBADMSG);
	assert_string_equal(err.text, "fifo: is not a regular file");
	assert_int_equal(dir_make(dir, "", 0755, &err), -ENOENT);
	/* nothing but a file is replaced */
	assert_int_equal(file_publish(dir, "fifo", text("x"), 0600, &err), -EEXIST);
	assert_int_equal(symlinkat("file", dir, "link"), 0);
	assert_int_equal(file_publish(dir, "link", text("x"), 0600, &err), -EEXIST);
	assert_int_equal(unlinkat(dir, "link", 0), 0);
	assert_int_equal(unlinkat(dir, "fifo", 0), 0);
	buffer_free(&content);
}

static void maps_an_empty_file(void **state)
{
	int dir = *(int *)*state;
	struct file_map map;

	assert_int_equal(file_publish(dir, "file", text(""), 0600, NULL), 0);
	assert_int_equal(file_map(dir, "file", &map, NULL), 0);
	assert_int_equal(map.bytes.size, 0);
	file_unmap(&map);
}

static void makes_directories(void **state)
{
	int dir = *(int *)*state;
	struct error err = ERROR_NONE;

	assert_int_equal(dir_make(dir, "a/b/c", 0755, NULL), 0);
	assert_int_equal(dir_make(dir, "a/b/c", 0755, NULL), 0);
	assert_int_equal(file_publish(dir, "file", text(""), 0600, NULL), 0);
	assert_int_equal(dir_make(dir, "file/x", 0755, &err), -ENOTDIR);
	assert_int_equal(dir_make(dir, "file", 0755, &err), -ENOTDIR);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(publishes_and_reads),
		cmocka_unit_test(keeps_the_old_file_when_writing_fails),
		cmocka_unit_test(bounds_what_it_reads),
		cmocka_unit_test(names_what_is_wrong),
		cmocka_unit_test(maps_an_empty_file),
		cmocka_unit_test(makes_directories),
	};

	return cmocka_run_group_tests_name("lib/file", tests, make_scratch, remove_scratch);
}
