/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <linux/landlock.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/file.h"

#include "runtime/landlock.h"

/* The header is the build host's; the kernel may be newer.  Bits and layout are its ABI. */
#define FS_TRUNCATE (1ull << 14)          /* ABI 3 */
#define FS_IOCTL_DEV (1ull << 15)         /* ABI 5 */
#define NET_BIND_TCP (1ull << 0)          /* ABI 4 */
#define NET_CONNECT_TCP (1ull << 1)       /* ABI 4 */
#define SCOPE_ABSTRACT_UNIX (1ull << 0)   /* ABI 6 */
#define SCOPE_SIGNAL (1ull << 1)          /* ABI 6 */

/* All of ABI 1: what is done to files and folders, up to making a symbolic link. */
#define FS_ABI_1 ((LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1)

/* An older kernel takes a longer one, too, as long as what it does not know is zero. */
struct ruleset {
	uint64_t fs, net, scoped;
};

static struct ruleset all_of(int abi)
{
	struct ruleset all = { .fs = FS_ABI_1 };

	if (abi >= 2)
		all.fs |= LANDLOCK_ACCESS_FS_REFER;
	if (abi >= 3)
		all.fs |= FS_TRUNCATE;
	if (abi >= 4)
		all.net = NET_BIND_TCP | NET_CONNECT_TCP;
	if (abi >= 5)
		all.fs |= FS_IOCTL_DEV;
	if (abi >= 6)
		all.scoped = SCOPE_ABSTRACT_UNIX | SCOPE_SIGNAL;
	return all;
}

/*
 * Allows some access in the folder that the path's file is in; NULL: nothing.  Nor in a folder that
 * this process cannot reach any more, where nothing could be done anyway.
 */
static int allow(int ruleset, const char *path, uint64_t access, struct error *err)
{
	struct landlock_path_beneath_attr rule = { .allowed_access = access };
	char *copy = path ? strdup(path) : NULL;
	int fd, code = 0;

	if (!path)
		return 0;
	if (!copy)
		return error_errno(err, -ENOMEM, "landlock");
	fd = file_open(AT_FDCWD, dirname(copy), O_PATH | O_DIRECTORY, 0);
	free(copy);
	if (fd == -EACCES || fd == -ENOENT)
		return 0;
	rule.parent_fd = fd;
	if (fd < 0)
		code = fd;
	else if (syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) < 0)
		code = -errno;
	if (fd >= 0)
		close(fd);
	return code ? error_errno(err, code, "landlock: the folder of %s", path) : 0;
}

int landlock_enter(const char *output, const char *removed, struct error *err)
{
	int abi = (int)syscall(SYS_landlock_create_ruleset, NULL, 0,
			       LANDLOCK_CREATE_RULESET_VERSION);
	struct ruleset all;
	int ruleset, code;

	if (abi < 0)
		return error_errno(err, -errno, "landlock");
	all = all_of(abi);
	ruleset = (int)syscall(SYS_landlock_create_ruleset, &all, sizeof(all), 0);
	if (ruleset < 0)
		return error_errno(err, -errno, "landlock");
	code = allow(ruleset, output, all.fs & (LANDLOCK_ACCESS_FS_READ_FILE |
						LANDLOCK_ACCESS_FS_WRITE_FILE |
						LANDLOCK_ACCESS_FS_MAKE_REG | FS_TRUNCATE), err);
	if (!code)
		code = allow(ruleset, removed, LANDLOCK_ACCESS_FS_REMOVE_FILE, err);
	if (!code && syscall(SYS_landlock_restrict_self, ruleset, 0) < 0)
		code = error_errno(err, -errno, "landlock");
	close(ruleset);
	return code ? code : abi;
}
