/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Everything a payload holds, as files.  Names were checked when the payload was opened
 * (payload/names.h); here each directory is entered by itself and never through a symbolic link, so
 * that what already lies in the target cannot lead out of it either.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/file.h"
#include "payload/format.h"

#include "payload/describe.h"

enum { MAX_DEPTH = 4, MAX_FILE_NAME = PAYLOAD_MAX_NAME + 32 };

/* Makes name below dir_fd where it is missing, and opens it. */
static int enter(int dir_fd, const char *name, struct error *err)
{
	int fd;

	if (mkdirat(dir_fd, name, 0755) < 0 && errno != EEXIST)
		return error_errno(err, -errno, "%s: cannot make the directory", name);
	fd = openat(dir_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return error_errno(err, -errno, "%s", name);
	return fd;
}

/* Enters one directory after the other; parts that are NULL or "" are left out. */
static int enter_all(int dir_fd, const char *const parts[static MAX_DEPTH], struct error *err)
{
	int fd = openat(dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	size_t i;

	if (fd < 0)
		return error_errno(err, -errno, "target directory");
	for (i = 0; i < MAX_DEPTH; i++) {
		int next;

		if (!parts[i] || parts[i][0] == '\0')
			continue;
		next = enter(fd, parts[i], err);
		close(fd);
		if (next < 0)
			return next;
		fd = next;
	}
	return fd;
}

static int write_file(int dir_fd, const char *name, struct slice bytes, struct error *err)
{
	int fd, code;

	fd = openat(dir_fd, name, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644);
	if (fd < 0)
		return error_errno(err, -errno, "%s", name);
	code = file_write_all(fd, bytes);
	if (close(fd) < 0 && !code)
		code = -errno;
	return code ? error_errno(err, code, "%s: cannot write", name) : 0;
}

static int write_below(int dir_fd, const char *const parts[static MAX_DEPTH], const char *name,
		       struct slice bytes, struct error *err)
{
	int fd = enter_all(dir_fd, parts, err), code;

	if (fd < 0)
		return fd;
	code = write_file(fd, name, bytes, err);
	close(fd);
	return code;
}

static const char *or_unknown(const char *text)
{
	return text[0] ? text : "unknown";
}

/*
 * RELEASE.btf.  Builds that share everything else in the path would overwrite one another, so the
 * second is RELEASE@2.btf, the third RELEASE@3.btf, in the order of the builds; no release has
 * an '@'.
 */
static void btf_file_name(const struct payload *payload, size_t i, char name[static MAX_FILE_NAME])
{
	struct payload_kernel kernel = payload_kernel(payload, i);
	size_t first, same = 1;

	payload_find(payload, kernel.arch, kernel.release, &first);
	for (; first < i; first++) {
		struct payload_kernel other = payload_kernel(payload, first);

		same += strcmp(other.distro, kernel.distro) == 0 &&
			strcmp(other.version_id, kernel.version_id) == 0;
	}
	if (same == 1)
		snprintf(name, MAX_FILE_NAME, "%s.btf", kernel.release);
	else
		snprintf(name, MAX_FILE_NAME, "%s@%zu.btf", kernel.release, same);
}

static int extract_kernel(const struct payload *payload, size_t i, int dir_fd, struct error *err)
{
	struct payload_kernel kernel = payload_kernel(payload, i);
	const char *parts[MAX_DEPTH] = { "btf", or_unknown(kernel.distro),
					 or_unknown(kernel.version_id), kernel.arch };
	struct buffer btf = { 0 };
	char name[MAX_FILE_NAME];
	int code;

	code = payload_btf(payload, kernel.btf, &btf, err);
	if (!code) {
		btf_file_name(payload, i, name);
		code = write_below(dir_fd, parts, name, buffer_slice(&btf), err);
	}
	buffer_free(&btf);
	return code;
}

/* The manifest on top; the rest by role, and by architecture where a file is for one. */
static const char *role_directory(enum payload_role role)
{
	switch (role) {
	case PAYLOAD_MANIFEST:
		return NULL;
	case PAYLOAD_OBJECT:
		return "object";
	case PAYLOAD_CANARY:
		return "canary";
	case PAYLOAD_SOURCE:
		return "source";
	case PAYLOAD_FURTHER:
		return "further";
	}
	return "other";
}

static int extract_file(const struct payload *payload, size_t i, int dir_fd, struct error *err)
{
	struct payload_file file = payload_file(payload, i);
	const char *parts[MAX_DEPTH] = { role_directory(file.role), file.arch };
	struct buffer bytes = { 0 };
	int code;

	code = payload_file_read(payload, i, &bytes, err);
	if (!code)
		code = write_below(dir_fd, parts, file.name, buffer_slice(&bytes), err);
	buffer_free(&bytes);
	return code;
}

int payload_extract(const struct payload *payload, const char *directory, struct error *err)
{
	int dir_fd, code;
	size_t i;

	code = dir_make(AT_FDCWD, directory, 0755, err);
	if (code)
		return code;
	dir_fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir_fd < 0)
		return error_errno(err, -errno, "%s", directory);
	for (i = 0; i < payload_file_count(payload) && !code; i++)
		code = extract_file(payload, i, dir_fd, err);
	for (i = 0; i < payload_kernel_count(payload) && !code; i++)
		code = extract_kernel(payload, i, dir_fd, err);
	close(dir_fd);
	return code ? error_wrap(err, "%s", directory) : 0;
}
