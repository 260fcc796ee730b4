/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Linked into the target program with --wrap=fsync, makes an installer that leaves syncs out: those
 * of files, of folders, or all, as the environment's UNSYNCED says.  Lost power must show that.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int __real_fsync(int fd);
int __wrap_fsync(int fd);

static bool is_left_out(int fd)
{
	const char *what = getenv("UNSYNCED");
	struct stat st;

	if (!what || fstat(fd, &st) < 0)
		return false;
	return !strcmp(what, "all") || !strcmp(what, S_ISDIR(st.st_mode) ? "folders" : "files");
}

int __wrap_fsync(int fd)
{
	return is_left_out(fd) ? 0 : __real_fsync(fd);
}
