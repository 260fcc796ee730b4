/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/owner.h"

int owner_check(int fd, const char *path, struct error *err)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return error_errno(err, -errno, "%s", path);
	if (st.st_uid != 0 && st.st_uid != geteuid())
		return error_set(err, -EPERM, "%s: belongs to user %u: remove it or give it to root",
				 path, (unsigned)st.st_uid);
	if (st.st_mode & 022)
		return error_set(err, -EPERM, "%s: others can write to it (mode %03o): chmod it to %s",
				 path, (unsigned)st.st_mode & 07777, S_ISDIR(st.st_mode) ? "755" : "644");
	return 0;
}
