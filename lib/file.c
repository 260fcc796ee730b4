/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/file.h"

enum { READ_STEP = 64 * 1024 };

/* Only what ends: opening or reading a FIFO or a terminal could wait for ever. */
static int open_regular(int dir_fd, const char *path, struct stat *st, struct error *err)
{
	int fd = openat(dir_fd, path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	int code;

	if (fd < 0)
		return error_errno(err, -errno, "%s", path);
	if (fstat(fd, st) < 0) {
		code = -errno;
		close(fd);
		return error_errno(err, code, "%s", path);
	}
	if (S_ISDIR(st->st_mode)) {
		close(fd);
		return error_set(err, -EISDIR, "%s: is a directory, a file is wanted", path);
	}
	if (!S_ISREG(st->st_mode)) {
		close(fd);
		return error_set(err, -EBADMSG, "%s: is not a regular file", path);
	}
	return fd;
}

int file_read_fd(int fd, const char *name, size_t max_size, struct buffer *out, struct error *err)
{
	size_t start = out->size;
	ssize_t got;
	int code;

	for (;;) {
		code = buffer_reserve(out, READ_STEP);
		if (code) {
			error_errno(err, code, "%s", name);
			break;
		}
		got = read(fd, out->data + out->size, out->capacity - out->size);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			code = error_errno(err, -errno, "%s", name);
			break;
		}
		if (got == 0)
			break;
		out->size += (size_t)got;
		if (out->size - start > max_size) {
			code = error_set(err, -EFBIG, "%s: larger than the %zu bytes that are read of it",
					 name, max_size);
			break;
		}
	}
	if (code)
		out->size = start;
	return code;
}

int file_read(int dir_fd, const char *path, size_t max_size, struct buffer *out, struct error *err)
{
	struct stat st;
	int fd, code;

	fd = open_regular(dir_fd, path, &st, err);
	if (fd < 0)
		return fd;
	/* Room for all of it and for the step that finds its end: no growing, hence no copying. */
	code = (uint64_t)st.st_size > max_size || (uint64_t)st.st_size > SIZE_MAX - READ_STEP ? 0 :
	       buffer_reserve(out, (size_t)st.st_size + READ_STEP);
	if (code)
		error_errno(err, code, "%s", path);
	else
		code = file_read_fd(fd, path, max_size, out, err);
	close(fd);
	return code;
}

int file_map_fd(int fd, const char *name, struct file_map *map, struct error *err)
{
	struct stat st;
	void *address;

	*map = (struct file_map){ 0 };
	if (fstat(fd, &st) < 0)
		return error_errno(err, -errno, "%s", name);
	if (!S_ISREG(st.st_mode))
		return error_set(err, -EBADMSG, "%s: is not a regular file", name);
	if (st.st_size == 0)
		return 0;
	if ((uint64_t)st.st_size > SIZE_MAX)
		return error_errno(err, -EFBIG, "%s: does not fit into this program's memory", name);
	address = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (address == MAP_FAILED)
		return error_errno(err, -errno, "%s: mmap", name);
	map->address = address;
	map->length = (size_t)st.st_size;
	map->bytes = slice_of(address, map->length);
	return 0;
}

int file_map(int dir_fd, const char *path, struct file_map *map, struct error *err)
{
	struct stat st;
	int fd, code;

	*map = (struct file_map){ 0 };
	fd = open_regular(dir_fd, path, &st, err);
	if (fd < 0)
		return fd;
	code = file_map_fd(fd, path, map, err);
	close(fd);
	return code;
}

void file_unmap(struct file_map *map)
{
	if (map->address)
		munmap(map->address, map->length);
	*map = (struct file_map){ 0 };
}

int file_open(int dir_fd, const char *path, int flags, mode_t mode)
{
	int fd;

	do
		fd = openat(dir_fd, path, flags | O_CLOEXEC, mode);
	while (fd < 0 && errno == EINTR);
	return fd < 0 ? -errno : fd;
}

int file_write_all(int fd, struct slice data)
{
	while (data.size > 0) {
		ssize_t put = write(fd, data.data, data.size);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return -errno;
		data = slice_of(data.data + put, data.size - (size_t)put);
	}
	return 0;
}

int file_set_mode(int fd, mode_t mode)
{
	while (fchmod(fd, mode) < 0)
		if (errno != EINTR)
			return -errno;
	return 0;
}

int file_sync(int fd)
{
	while (fsync(fd) < 0)
		if (errno != EINTR)
			return -errno;
	return 0;
}

int file_close(int fd)
{
	/* Linux has closed it by then; another try could hit a descriptor of somebody else. */
	return close(fd) < 0 && errno != EINTR ? -errno : 0;
}

int dir_sync(int dir_fd, const char *path)
{
	int fd, code;

	fd = file_open(dir_fd, path, O_RDONLY | O_DIRECTORY, 0);
	if (fd < 0)
		return fd;
	code = file_sync(fd);
	close(fd);
	return code;
}

static int write_temporary(int dir_fd, const char *temporary, struct slice data, mode_t mode)
{
	int fd, code, end;

	fd = file_open(dir_fd, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode);
	if (fd < 0)
		return fd;
	code = file_write_all(fd, data);
	if (!code)
		code = file_sync(fd);
	end = file_close(fd);
	code = code ? code : end;
	if (code)
		unlinkat(dir_fd, temporary, 0);
	return code;
}

int file_publish(int dir_fd, const char *path, struct slice data, mode_t mode, struct error *err)
{
	char temporary[PATH_MAX];
	struct stat st;
	int code;

	/* A rename would put a file in the place of a device, or of a link to somewhere else. */
	if (fstatat(dir_fd, path, &st, AT_SYMLINK_NOFOLLOW) == 0 && !S_ISREG(st.st_mode))
		return error_set(err, S_ISDIR(st.st_mode) ? -EISDIR : -EEXIST,
				 "%s: is there already and is not a regular file; name another one", path);
	if ((size_t)snprintf(temporary, sizeof(temporary), "%s.%ld.tmp", path, (long)getpid()) >=
	    sizeof(temporary))
		return error_errno(err, -ENAMETOOLONG, "%s", path);
	code = write_temporary(dir_fd, temporary, data, mode);
	if (code)
		return error_errno(err, code, "%s: cannot write", path);
	if (renameat(dir_fd, temporary, dir_fd, path) < 0) {
		code = -errno;
		unlinkat(dir_fd, temporary, 0);
		return error_errno(err, code, "%s: cannot rename into place", path);
	}
	snprintf(temporary, sizeof(temporary), "%s", path);
	code = dir_sync(dir_fd, dirname(temporary));
	if (code)
		return error_errno(err, code, "%s: cannot sync its directory", path);
	return 0;
}

int dir_make(int dir_fd, const char *path, mode_t mode, struct error *err)
{
	char copy[PATH_MAX], *slash;
	struct stat st;

	if (!*path)
		return error_errno(err, -ENOENT, "the empty path");
	if ((size_t)snprintf(copy, sizeof(copy), "%s", path) >= sizeof(copy))
		return error_errno(err, -ENAMETOOLONG, "%s", path);
	for (slash = copy + 1;; slash++) {
		if (*slash != '/' && *slash != '\0')
			continue;
		bool last = *slash == '\0';

		*slash = '\0';
		if (mkdirat(dir_fd, copy, mode) < 0 && errno != EEXIST)
			return error_errno(err, -errno, "%s: cannot make the directory", copy);
		if (last)
			break;
		*slash = '/';
	}
	if (fstatat(dir_fd, path, &st, 0) < 0)
		return error_errno(err, -errno, "%s", path);
	if (!S_ISDIR(st.st_mode))
		return error_errno(err, -ENOTDIR, "%s", path);
	return 0;
}
