/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <linux/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "host/detached.h"

int detached_mount(const char *filesystem)
{
	int context = (int)syscall(SYS_fsopen, filesystem, FSOPEN_CLOEXEC), fd, error;

	if (context < 0)
		return -errno;
	fd = (int)syscall(SYS_fsconfig, context, FSCONFIG_CMD_CREATE, NULL, NULL, 0);
	if (fd == 0)
		fd = (int)syscall(SYS_fsmount, context, FSMOUNT_CLOEXEC, MOUNT_ATTR_RDONLY);
	error = errno;
	close(context);
	return fd < 0 ? -error : fd;
}
