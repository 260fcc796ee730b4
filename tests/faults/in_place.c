/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Preloaded, makes an installer publish in the worst way: what it writes to its temporary folder
 * goes over the files of the generation that is current, and no rename makes it so.  The sweep must
 * find that.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int temporary_fd = -1;

static bool is_temporary(const char *path)
{
	return !strncmp(path, ".tmp-", 5) && strncmp(path, ".tmp-old-", 9) != 0;
}

int mkdirat(int fd, const char *path, mode_t mode)
{
	int (*next)(int, const char *, mode_t) = dlsym(RTLD_NEXT, "mkdirat");

	if (is_temporary(path))
		return 0;
	if (next(fd, path, mode) < 0 && (fd != temporary_fd || errno != EEXIST))
		return -1;
	return 0;
}

int openat(int fd, const char *path, int flags, ...)
{
	int (*next)(int, const char *, int, ...) = dlsym(RTLD_NEXT, "openat");
	va_list args;
	mode_t mode;

	va_start(args, flags);
	mode = flags & O_CREAT ? va_arg(args, mode_t) : 0;
	va_end(args);
	if (is_temporary(path))
		return temporary_fd = next(fd, "../current", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0 && fd == temporary_fd && flags & O_CREAT)
		flags = (flags & ~O_EXCL) | O_TRUNC;
	return next(fd, path, flags, mode);
}

int linkat(int fd, const char *path, int fd2, const char *path2, int flags)
{
	int (*next)(int, const char *, int, const char *, int) = dlsym(RTLD_NEXT, "linkat");

	unlinkat(fd2, path2, 0);
	return next(fd, path, fd2, path2, flags);
}

int symlinkat(const char *target, int fd, const char *path)
{
	int (*next)(const char *, int, const char *) = dlsym(RTLD_NEXT, "symlinkat");

	if (!strcmp(path, "current.tmp"))
		return 0;
	unlinkat(fd, path, 0);
	return next(target, fd, path);
}

int renameat(int fd, const char *path, int fd2, const char *path2)
{
	int (*next)(int, const char *, int, const char *) = dlsym(RTLD_NEXT, "renameat");

	return !strcmp(path, "current.tmp") ? 0 : next(fd, path, fd2, path2);
}

int renameat2(int fd, const char *path, int fd2, const char *path2, unsigned flags)
{
	int (*next)(int, const char *, int, const char *, unsigned) = dlsym(RTLD_NEXT, "renameat2");

	return is_temporary(path) ? 0 : next(fd, path, fd2, path2, flags);
}
