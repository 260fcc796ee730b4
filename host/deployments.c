/* SPDX-License-Identifier: BSD-2-Clause */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "host/deployments.h"
#include "host/root.h"

#define DEPLOY "ostree/deploy"

/* Beside each deployment is a file CHECKSUM.NUMBER.origin, which has no folders. */
static int each_entry(int root_fd, const char *folder,
		      int (*visit)(const char *path, void *context), void *context)
{
	int fd = root_open_file(root_fd, folder), code = 0;
	DIR *entries = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;
	char path[PATH_MAX];

	if (!entries) {
		code = fd < 0 ? fd : -errno;
		if (fd >= 0)
			close(fd);
		return code == -ENOENT || code == -ENOTDIR ? 0 : code;
	}
	while (!code && (errno = 0, entry = readdir(entries))) {
		if (entry->d_name[0] == '.')
			continue;
		if ((size_t)snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name) <
		    sizeof(path))
			code = visit(path, context);
	}
	if (!code && errno)
		code = -errno;
	closedir(entries);
	return code;
}

/* ostree/deploy/OS/deploy/CHECKSUM.NUMBER */
struct walk {
	int root_fd;
	int (*visit)(const char *path, void *context);
	void *context;
};

static int visit_os(const char *path, void *context)
{
	const struct walk *walk = context;
	char folder[PATH_MAX];

	if ((size_t)snprintf(folder, sizeof(folder), "%s/deploy", path) >= sizeof(folder))
		return 0;
	return each_entry(walk->root_fd, folder, walk->visit, walk->context);
}

int deployments_each(int root_fd, int (*visit)(const char *path, void *context), void *context)
{
	struct walk walk = { root_fd, visit, context };

	return each_entry(root_fd, DEPLOY, visit_os, &walk);
}
