/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "builder/toolchain.h"

/* Versions that have BTF (10) to those of some years ahead. */
enum { FIRST_VERSION = 10, LAST_VERSION = 40 };

/* Root's PATH is root's own; but a program that came with another user's is none for root. */
static const char FOLDERS[] = "/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin";

static bool is_program(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISREG(status.st_mode) && access(path, X_OK) == 0;
}

/* Looks for name in the folders, which are separated by colons. */
static bool find_in(const char *folders, const char *name, char *out)
{
	size_t length;

	for (; *folders; folders += length + (folders[length] == ':')) {
		length = strcspn(folders, ":");
		if (folders[0] == '/' && length + strlen(name) + 2 < PATH_MAX) {
			snprintf(out, PATH_MAX, "%.*s/%s", (int)length, folders, name);
			if (is_program(out))
				return true;
		}
	}
	return false;
}

static bool find(const char *name, char *out)
{
	return find_in(FOLDERS, name, out);
}

static bool find_clang(char *out)
{
	char name[32];
	int version;

	if (find("clang", out))
		return true;
	for (version = LAST_VERSION; version >= FIRST_VERSION; version--) {
		snprintf(name, sizeof(name), "clang-%d", version);
		if (find(name, out))
			return true;
	}
	return false;
}

/*
 * Distributions keep the programs of one version in one folder, which the link clang or clang-N
 * leads to; else they are told apart by the same suffix.
 */
static bool find_kin(const char *clang, const char *name, char *out)
{
	char real[PATH_MAX], *slash, with_suffix[64];
	const char *dash;

	if (realpath(clang, real)) {
		slash = strrchr(real, '/');
		dash = strstr(slash, "clang-");
		*slash = '\0';
		if (find_in(real, name, out))
			return true;
		snprintf(with_suffix, sizeof(with_suffix), "%s-%.8s", name, dash ? dash + 6 : "");
		if (dash && (find_in(real, with_suffix, out) || find(with_suffix, out)))
			return true;
	}
	dash = strstr(strrchr(clang, '/'), "clang-");
	snprintf(with_suffix, sizeof(with_suffix), "%s-%.8s", name, dash ? dash + 6 : "");
	return dash ? find(with_suffix, out) : find(name, out);
}

int toolchain_find(const char *named, struct toolchain *out, struct error *err)
{
	if (named && !realpath(named, out->clang))
		return error_errno(err, -errno, "%s", named);
	if (named && !is_program(out->clang))
		return error_set(err, -ENOENT, "%s: is no program", named);
	if (!named && !find_clang(out->clang))
		return error_set(err, -ENOENT, "clang is not installed");
	if (!find_kin(out->clang, "llc", out->llc))
		return error_set(err, -ENOENT, "llc, which belongs to %.300s, is not installed (the "
				 "package is named llvm)", out->clang);
	if (!find_kin(out->clang, "opt", out->opt))
		return error_set(err, -ENOENT, "opt, which belongs to %.300s, is not installed (the "
				 "package is named llvm)", out->clang);
	return 0;
}

int toolchain_find_pahole(char *path, struct error *err)
{
	if (find("pahole", path))
		return 0;
	return error_set(err, -ENOENT, "pahole, which makes BTF of debug information, is not installed "
			 "(the package is named pahole or dwarves)");
}
