/* SPDX-License-Identifier: BSD-2-Clause */
/* A root directory that a test makes up, file by file. */
#ifndef TESTS_UNIT_FAKE_ROOT_H
#define TESTS_UNIT_FAKE_ROOT_H

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/file.h"

struct fake_root {
	char path[64];
	int fd;
};

static inline struct fake_root fake_root_make(void)
{
	struct fake_root root = { .path = "/tmp/btferry_unit.XXXXXX" };

	assert_non_null(mkdtemp(root.path));
	root.fd = open(root.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_true(root.fd >= 0);
	return root;
}

static inline void fake_root_remove(struct fake_root *root)
{
	char command[128];

	close(root->fd);
	snprintf(command, sizeof(command), "rm -rf '%s'", root->path);
	assert_int_equal(system(command), 0);
}

static inline void fake_root_make_parents(const struct fake_root *root, const char *path)
{
	char folder[512], *slash;

	snprintf(folder, sizeof(folder), "%s", path);
	slash = strrchr(folder, '/');
	if (!slash)
		return;
	*slash = '\0';
	assert_int_equal(dir_make(root->fd, folder, 0755, NULL), 0);
}

static inline void fake_root_put(const struct fake_root *root, const char *path, const void *data,
				 size_t size)
{
	fake_root_make_parents(root, path);
	assert_int_equal(file_publish(root->fd, path, slice_of(data, size), 0644, NULL), 0);
}

static inline void fake_root_text(const struct fake_root *root, const char *path, const char *text)
{
	fake_root_put(root, path, text, strlen(text));
}

static inline void fake_root_link(const struct fake_root *root, const char *path,
				  const char *target)
{
	fake_root_make_parents(root, path);
	unlinkat(root->fd, path, 0);
	assert_int_equal(symlinkat(target, root->fd, path), 0);
}

#endif
