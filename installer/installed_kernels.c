/* SPDX-License-Identifier: BSD-2-Clause */
/* Which kernels there are below a root: each has a folder of modules, named after its release. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/deployments.h"
#include "host/root.h"
#include "payload/names.h"

#include "installer/kernels.h"

struct search {
	struct kernels *kernels;
	const struct facts *facts;
	const char *root;        /* "" for "/" */
	int root_fd;
	struct error *err;
};

/* A release that is no legal name is not ours to take. */
static int add_entry(const struct search *search, DIR *folder, const char *path, const char *name)
{
	struct stat st;

	if (!name_is_kernel_word(name))
		return 0;
	if (fstatat(dirfd(folder), name, &st, AT_SYMLINK_NOFOLLOW) < 0) {
		if (errno == ENOENT) /* a package took it away meanwhile */
			return 0;
		return error_errno(search->err, -errno, "%s/%s/%s", search->root, path, name);
	}
	return S_ISDIR(st.st_mode) ?
	       kernels_add(search->kernels, search->facts, name, false, search->err) : 0;
}

static int add_folder(const struct search *search, const char *path)
{
	int fd = root_open_file(search->root_fd, path), code = 0;
	DIR *folder = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;

	if (!folder) {
		code = fd < 0 ? fd : -errno;
		if (fd >= 0)
			close(fd);
		return code == -ENOENT || code == -ENOTDIR ? 0 :
		       error_errno(search->err, code, "%s/%s", search->root, path);
	}
	while (!code && (errno = 0, entry = readdir(folder)))
		code = add_entry(search, folder, path, entry->d_name);
	if (!code && errno)
		code = error_errno(search->err, -errno, "%s/%s", search->root, path);
	closedir(folder);
	return code;
}

/* What boots next may have another tree than what runs. */
static int add_deployment(const char *deployment, void *context)
{
	char path[PATH_MAX];

	if ((size_t)snprintf(path, sizeof(path), "%s/usr/lib/modules", deployment) >= sizeof(path))
		return 0;
	return add_folder(context, path);
}

int kernels_add_installed(struct kernels *kernels, const struct facts *facts, const char *root,
			  struct error *err)
{
	struct error problem = ERROR_NONE;
	struct search search = {
		.kernels = kernels, .facts = facts,
		.root = !root || !strcmp(root, "/") ? "" : root, .err = &problem,
	};
	int code;

	search.root_fd = root_open(root, err);
	if (search.root_fd < 0)
		return search.root_fd;
	code = add_folder(&search, "lib/modules");
	if (!code)
		code = add_folder(&search, "usr/lib/modules");
	if (!code)
		code = deployments_each(search.root_fd, add_deployment, &search);
	close(search.root_fd);
	if (code && !problem.code)
		error_errno(&problem, code, "%s/ostree/deploy", search.root);
	return code ? error_set(err, code, "%s", problem.text) : 0;
}
