/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/log_file.h"

/* A line that a run before left torn must not swallow the first one of this run. */
static bool ends_torn(int fd, off_t size)
{
	char last;

	return size > 0 && pread(fd, &last, 1, size - 1) == 1 && last != '\n';
}

int log_file_open(const char *path, struct log_file *out, struct error *err)
{
	int fd = open(path, LOG_FILE_FLAGS, LOG_FILE_MODE);
	struct stat st;

	*out = (struct log_file){ .path = path, .fd = -1 };
	if (fd < 0 && errno == ELOOP)
		return error_set(err, -ELOOP, "%s: is a symbolic link: name the file that it leads to",
				 path);
	if (fd < 0)
		return error_errno(err, -errno, "%s", path);
	if (fstat(fd, &st) < 0 || (!S_ISREG(st.st_mode) && !S_ISCHR(st.st_mode))) {
		close(fd);
		return error_set(err, -ENOTSUP, "%s: is no regular file: leave --output out and redirect "
				 "standard output", path);
	}
	out->fd = fd;
	out->is_device = S_ISCHR(st.st_mode);
	out->ends_torn = !out->is_device && ends_torn(fd, st.st_size);
	out->device = st.st_dev;
	out->inode = st.st_ino;
	return 0;
}

void log_file_close(struct log_file *file)
{
	if (file->fd >= 0)
		close(file->fd);
	file->fd = -1;
}

bool log_file_is_removed(const struct log_file *file)
{
	struct stat st;

	return !file->is_device && fstat(file->fd, &st) == 0 && st.st_nlink == 0;
}

bool log_file_has_moved(struct log_file *file)
{
	struct stat st;
	bool was_missing = file->was_missing;

	if (file->is_device)
		return false;
	file->was_missing = false;
	if (fstatat(AT_FDCWD, file->path, &st, AT_SYMLINK_NOFOLLOW) == 0)
		return st.st_dev != file->device || st.st_ino != file->inode;
	file->was_missing = errno == ENOENT;
	return file->was_missing && (was_missing || log_file_is_removed(file));
}

int log_file_reopen(struct log_file *file, struct error *err)
{
	struct log_file opened;
	int code = log_file_open(file->path, &opened, err);

	if (code)
		return code;
	log_file_close(file);
	*file = opened;
	return 0;
}

bool log_file_can_be_made(const struct log_file *file)
{
	char *copy = strdup(file->path);
	bool can = !copy || file->is_device ||
		   faccessat(AT_FDCWD, dirname(copy), W_OK | X_OK, AT_EACCESS) == 0;

	free(copy);
	return can;
}

off_t log_file_size(const struct log_file *file)
{
	struct stat st;

	return fstat(file->fd, &st) < 0 ? -errno : st.st_size;
}
