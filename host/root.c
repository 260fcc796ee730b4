/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/file.h"

#include "host/root.h"

/* A host where something is renamed all the time still has moments between two renames. */
enum { MAX_TRIES = 10000 };

int root_open(const char *root, struct error *err)
{
	int fd;

	if (!root)
		root = "/";
	fd = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return error_errno(err, -errno, "%s: cannot be used as root directory", root);
	return fd;
}

static int open_below(int root_fd, const char *path, int flags)
{
	/* O_LARGEFILE as openat(3) adds it, but with O_PATH the kernel refuses it here. */
	struct open_how how = {
		.flags = (unsigned)(flags | O_CLOEXEC | (flags & O_PATH ? 0 : O_LARGEFILE)),
		.resolve = RESOLVE_IN_ROOT,
	};
	int fd, tries = 0;

	/*
	 * EAGAIN: on the way was a "..", and meanwhile somebody somewhere renamed something, so
	 * that the kernel cannot be sure that it stayed below the root (openat2(2)).
	 */
	do
		fd = (int)syscall(SYS_openat2, root_fd, path, &how, sizeof(how));
	while (fd < 0 && errno == EAGAIN && ++tries < MAX_TRIES);
	/*
	 * openat2(2) came with 5.6, and older container profiles answer EPERM to what they do not
	 * know.  Then links are followed as they stand, which is the same when the root is "/".
	 */
	if (fd < 0 && (errno == ENOSYS || errno == EPERM))
		fd = openat(root_fd, path, flags | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

int root_open_file(int root_fd, const char *path)
{
	/* Without O_NONBLOCK, a FIFO in the place of a file would hold the caller for ever. */
	return open_below(root_fd, path, O_RDONLY | O_NONBLOCK);
}

int root_read(int root_fd, const char *path, size_t max_size, struct buffer *out)
{
	int fd = root_open_file(root_fd, path), code;

	if (fd < 0)
		return fd;
	code = file_read_fd(fd, path, max_size, out, NULL);
	close(fd);
	return code;
}

int root_find(int root_fd, const char *path)
{
	int fd = open_below(root_fd, path, O_PATH);

	if (fd < 0)
		return fd;
	close(fd);
	return 0;
}

int root_readlink(int root_fd, const char *path, char *out, size_t size)
{
	int fd = open_below(root_fd, path, O_PATH | O_NOFOLLOW), error;
	ssize_t length;

	if (fd < 0)
		return fd;
	length = readlinkat(fd, "", out, size);
	error = errno;
	close(fd);
	if (length < 0)
		return error == ENOENT ? -EINVAL : -error; /* no link: readlinkat(2) of a descriptor */
	if ((size_t)length >= size)
		return -ENAMETOOLONG;
	out[length] = '\0';
	return 0;
}
