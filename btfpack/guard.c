/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/console.h"
#include "lib/file.h"

#include "btfpack/guard.h"
#include "btfpack/layout.h"

enum { OPEN_DIRECTORIES = 16 };

/* nftw(3) hands its callback nothing of ours. */
static _Thread_local size_t removed;

static int remove_temporary(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)at;
	if (type == FTW_F && layout_name_kind(path) == LAYOUT_TEMPORARY && unlink(path) == 0)
		removed++;
	return 0;
}

/* A file that cannot be removed is no part of the archive either: that is no failure. */
static void sweep(const char *root)
{
	char path[PATH_MAX];

	/* The end keeps nftw() from stopping at a root that is a symbolic link. */
	if (snprintf(path, sizeof(path), "%s/.", root) >= (int)sizeof(path))
		return;
	removed = 0;
	nftw(path, remove_temporary, OPEN_DIRECTORIES, FTW_PHYS);
	if (removed)
		console_note("import: %s: removed %zu left by an import that was killed", root, removed);
}

static int lock(int fd, int operation)
{
	while (flock(fd, operation) < 0)
		if (errno != EINTR)
			return -errno;
	return 0;
}

static int open_directory(const char *path, struct error *err)
{
	int fd, code = dir_make(AT_FDCWD, path, 0755, err);

	if (code)
		return code;
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return error_errno(err, -errno, "%s", path);
	return fd;
}

/* False when somebody removed the directory, or put another in its place, before it was locked. */
static bool is_at(int fd, const char *path)
{
	struct stat opened, there;

	return fstat(fd, &opened) == 0 && stat(path, &there) == 0 && opened.st_ino == there.st_ino &&
	       opened.st_dev == there.st_dev;
}

int guard_directory(const char *directory, struct error *err)
{
	int fd;

	for (;;) {
		fd = open_directory(directory, err);
		if (fd < 0 || lock(fd, LOCK_EX) || is_at(fd, directory))
			return fd;
		close(fd);
	}
}

int guard_enter(struct guard *guard, const char *root, struct error *err)
{
	int fd, code;

	guard->fd = -1;
	if (snprintf(guard->root, sizeof(guard->root), "%s", root) >= (int)sizeof(guard->root))
		return error_errno(err, -ENAMETOOLONG, "%s", root);
	for (;;) {
		fd = open_directory(root, err);
		if (fd < 0)
			return fd;
		code = lock(fd, LOCK_EX | LOCK_NB);
		if (!code && is_at(fd, root))
			sweep(guard->root);
		if (!code || code == -EWOULDBLOCK)
			code = lock(fd, LOCK_SH);
		if (code || is_at(fd, root))
			break;
		close(fd);
	}
	guard->fd = fd;
	return 0;
}

void guard_leave(struct guard *guard)
{
	if (guard->fd < 0)
		return;
	if (lock(guard->fd, LOCK_EX | LOCK_NB) == 0)
		rmdir(guard->root); /* fails when there is anything in it */
	close(guard->fd);
	guard->fd = -1;
}
