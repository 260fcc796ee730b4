/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lib/file.h"

#include "loader/memfd.h"

int memfd_of(struct slice data, const char *name, char path[static MEMFD_PATH_SIZE],
	     struct error *err)
{
	int fd, code;

	fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (fd < 0)
		return error_errno(err, -errno, "%s: cannot make a file in memory", name);
	code = file_write_all(fd, data);
	if (!code && fcntl(fd, F_ADD_SEALS,
			   F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) < 0)
		code = -errno;
	snprintf(path, MEMFD_PATH_SIZE, "/proc/self/fd/%d", fd);
	/* libbpf opens it by this name. */
	if (!code && access(path, R_OK) < 0)
		code = -errno;
	if (code) {
		close(fd);
		return error_errno(err, code, "%s: %s (is /proc mounted?)", name, path);
	}
	return fd;
}
