/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/plain.h"

#include "runtime/beneath.h"

/* The length of the first component; what follows it is a slash or the end. */
static size_t component_length(const char *path)
{
	return strcspn(path, "/");
}

bool beneath_is_plain(const char *path)
{
	if (strlen(path) > BENEATH_MAX_PATH || !plain_is(path))
		return false;
	for (;;) {
		size_t length = component_length(path);

		if (length == 0 || (length == 1 && path[0] == '.') ||
		    (length == 2 && path[0] == '.' && path[1] == '.'))
			return false;
		if (path[length] == '\0')
			return true;
		path += length + 1;
	}
}

int beneath_walk(int dir_fd, const char *path, int flags)
{
	char name[BENEATH_MAX_PATH + 1];
	int at = dir_fd, fd, code;

	if (!beneath_is_plain(path))
		return -EBADMSG;
	for (;;) {
		size_t length = component_length(path);
		bool last = path[length] == '\0';

		memcpy(name, path, length);
		name[length] = '\0';
		fd = openat(at, name, O_NOFOLLOW | O_CLOEXEC |
				      (last ? flags : O_PATH | O_DIRECTORY));
		code = fd < 0 ? -errno : fd;
		if (at != dir_fd)
			close(at);
		if (last || code < 0)
			break;
		at = fd;
		path += length + 1;
	}
	return code;
}

int beneath_open(int dir_fd, const char *path, int flags)
{
	/* O_LARGEFILE as openat(3) adds it, but with O_PATH the kernel refuses it here. */
	struct open_how how = {
		.flags = (unsigned)(flags | O_CLOEXEC | (flags & O_PATH ? 0 : O_LARGEFILE)),
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS,
	};
	long fd;

	if (!beneath_is_plain(path))
		return -EBADMSG;
	fd = syscall(SYS_openat2, dir_fd, path, &how, sizeof(how));
	if (fd >= 0)
		return (int)fd;
	/*
	 * Seccomp filters older than the call answer EPERM; where it is meant, the walk meets it
	 * again.
	 */
	if (errno == ENOSYS || errno == EPERM)
		return beneath_walk(dir_fd, path, flags);
	return -errno;
}
