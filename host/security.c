/* SPDX-License-Identifier: BSD-2-Clause */
/* lockdown and the list of security modules: securityfs, wherever it can be had. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/array.h"

#include "host/detached.h"
#include "host/policy_parts.h"
#include "host/root.h"

#define SECURITYFS "sys/kernel/security"

/* lsm_list_modules(2), since 6.8, and the numbers of include/uapi/linux/lsm.h. */
enum { LSM_LIST_MODULES = 461, LSM_FIRST = 100, LSM_MAX = 64 };

static const char *const LSM_NAMES[] = {
	"capability", "selinux", "smack", "tomoyo", "apparmor", "yama", "loadpin", "safesetid",
	"lockdown", "bpf", "landlock", "ima", "evm", "ipe",
};

static int read_text(int dir_fd, const char *path, struct buffer *text)
{
	int code = root_read(dir_fd, path, 4096, text);

	return code ? code : buffer_append(text, "", 1);
}

/* "none [integrity] confidentiality": the mode in brackets is the one that holds. */
static void read_lockdown(int securityfs, struct policy *out)
{
	struct buffer text = { 0 };
	int code = read_text(securityfs, "lockdown", &text);
	const char *modes = (char *)text.data;

	if (code == -ENOENT)
		out->lockdown = LOCKDOWN_NONE; /* securityfs is there: a kernel without the module */
	else if (code)
		out->lockdown_error = -code;
	else if (strstr(modes, "[none]"))
		out->lockdown = LOCKDOWN_NONE;
	else if (strstr(modes, "[integrity]"))
		out->lockdown = LOCKDOWN_INTEGRITY;
	else if (strstr(modes, "[confidentiality]"))
		out->lockdown = LOCKDOWN_CONFIDENTIALITY;
	else
		out->lockdown_error = EBADMSG;
	buffer_free(&text);
}

static void read_lsms(int securityfs, struct policy *out)
{
	struct buffer text = { 0 };
	int code = read_text(securityfs, "lsm", &text);

	if (!code && text.size > sizeof(out->lsms))
		code = -EFBIG;
	if (!code)
		snprintf(out->lsms, sizeof(out->lsms), "%.*s",
			 (int)strcspn((char *)text.data, "\n"), (char *)text.data);
	out->lsms_known = code ? probe_unknown(-code) : probe_yes();
	buffer_free(&text);
}

static void add_name(struct policy *out, const char *name)
{
	size_t length = strlen(out->lsms);

	snprintf(out->lsms + length, sizeof(out->lsms) - length, "%s%s", length ? "," : "", name);
}

/*
 * Asks the kernel for the list.  A module without a name here leaves the list open at that place.
 */
static void list_modules(struct policy *out)
{
	uint64_t ids[LSM_MAX];
	uint32_t size = sizeof(ids);
	long i, count = syscall(LSM_LIST_MODULES, ids, &size, 0);

	if (count < 0) {
		out->lsms_known = probe_unknown(errno);
		return;
	}
	out->lsms_known = probe_yes();
	for (i = 0; i < count; i++) {
		uint64_t index = ids[i] - LSM_FIRST;

		if (index < sizeof(LSM_NAMES) / sizeof(LSM_NAMES[0]))
			add_name(out, LSM_NAMES[index]);
	}
}

/* securityfs where it is mounted, else a mount of our own; a descriptor or a negative errno. */
static int open_securityfs(int root_fd, bool mounts)
{
	int fd = -ENOENT;

	/* The mount point is there, and empty, where it is not mounted. */
	if (root_find(root_fd, SECURITYFS "/lsm") != -ENOENT ||
	    root_find(root_fd, SECURITYFS "/lockdown") != -ENOENT)
		fd = root_open_file(root_fd, SECURITYFS);
	else if (mounts)
		fd = detached_mount("securityfs");
	return fd;
}

void security_read(int root_fd, bool mounts, struct policy *out)
{
	int fd = open_securityfs(root_fd, mounts);

	if (fd >= 0) {
		read_lockdown(fd, out);
		read_lsms(fd, out);
		close(fd);
	} else {
		out->lockdown_error = -fd;
		out->lsms_known = probe_unknown(-fd);
	}
	if (mounts && out->lsms_known.truth != TRUTH_YES)
		list_modules(out);
}
