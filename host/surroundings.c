/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Container or host: in a container the kernel is the host's and os-release the image's.  There is
 * no one sign of it; these are what container managers leave, as systemd-detect-virt(1) reads them.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "lib/array.h"

#include "host/policy_parts.h"
#include "host/root.h"

/*
 * The initial mount namespace: 4026531832 since 6.18, before that the first number that is given
 * out, as it is made at boot.  Who lives in it is in no container, whatever files an image has left
 * in the root file system (a virtual machine may have started from one).
 */
enum { INITIAL_PID_NAMESPACE = 0xeffffffc };
#define LAST_INITIAL_MOUNT_NAMESPACE 4026531841u

enum { TEXT_MAX_SIZE = 256 * 1024 };

/* Files whose being there says it.  Kubernetes first: its containers have another's sign, too. */
static const struct {
	const char *path, *kind;
} FILES[] = {
	{ "var/run/secrets/kubernetes.io", "kubernetes" },
	{ "run/secrets/kubernetes.io", "kubernetes" },
	{ "run/.containerenv", "podman" },
	{ ".dockerenv", "docker" },
	{ "dev/lxd/sock", "lxc" },
};

/* Parts of paths in /proc/self/cgroup. */
static const struct {
	const char *part, *kind;
} CGROUPS[] = {
	{ "kubepods", "kubernetes" },
	{ "libpod-", "podman" },
	{ "/docker", "docker" },
	{ "docker-", "docker" },
	{ "/lxc", "lxc" },
	{ "containerd", "containerd" },
};

/* Files that name the manager. */
static const char *const NAMES[] = { "run/systemd/container", "run/host/container-manager" };

static int read_text(int root_fd, const char *path, struct buffer *text)
{
	int code = root_read(root_fd, path, TEXT_MAX_SIZE, text);

	return code ? code : buffer_append(text, "", 1);
}

/* The number in "mnt:[4026531841]"; 0 when it cannot be read. */
static uint64_t namespace_number(int root_fd, const char *path)
{
	char link[64], *number;

	if (root_readlink(root_fd, path, link, sizeof(link)))
		return 0;
	number = strchr(link, '[');
	return number ? strtoull(number + 1, NULL, 10) : 0;
}

static void set_kind(struct policy *out, const char *kind)
{
	out->container = probe_yes();
	snprintf(out->container_kind, sizeof(out->container_kind), "%s", kind);
}

static bool by_file(int root_fd, struct policy *out)
{
	size_t i;

	for (i = 0; i < sizeof(FILES) / sizeof(FILES[0]); i++) {
		if (root_find(root_fd, FILES[i].path))
			continue;
		set_kind(out, FILES[i].kind);
		return true;
	}
	return false;
}

static bool by_name(int root_fd, struct policy *out)
{
	size_t i;

	for (i = 0; i < sizeof(NAMES) / sizeof(NAMES[0]); i++) {
		struct buffer text = { 0 };
		bool named = !read_text(root_fd, NAMES[i], &text);
		char *name = (char *)text.data;

		if (named)
			name[strcspn(name, "\n")] = '\0';
		named = named && name[0];
		if (named)
			set_kind(out, name);
		buffer_free(&text);
		if (named)
			return true;
	}
	return false;
}

/* "container=lxc" in the environment of the first process, which systemd and LXC agreed upon. */
static bool by_first_process(int root_fd, struct policy *out)
{
	static const char lead[] = "container=";
	struct buffer text = { 0 };
	const char *at, *end;
	bool found = false;

	if (!read_text(root_fd, "proc/1/environ", &text)) {
		end = (char *)text.data + text.size;
		for (at = (char *)text.data; !found && at < end; at += strlen(at) + 1)
			if (strncmp(at, lead, strlen(lead)) == 0 && at[strlen(lead)])
				found = (set_kind(out, at + strlen(lead)), true);
	}
	buffer_free(&text);
	return found;
}

static bool by_cgroup(int root_fd, struct policy *out)
{
	struct buffer text = { 0 };
	bool found = false;
	size_t i;

	if (!read_text(root_fd, "proc/self/cgroup", &text))
		for (i = 0; !found && i < sizeof(CGROUPS) / sizeof(CGROUPS[0]); i++)
			if (strstr((char *)text.data, CGROUPS[i].part))
				found = (set_kind(out, CGROUPS[i].kind), true);
	buffer_free(&text);
	return found;
}

/* Fills container by what namespaces and managers say. */
static void find_container(int root_fd, struct policy *out)
{
	uint64_t mounts = namespace_number(root_fd, "proc/self/ns/mnt");
	uint64_t processes = namespace_number(root_fd, "proc/self/ns/pid");

	if (mounts && mounts <= LAST_INITIAL_MOUNT_NAMESPACE)
		out->container = probe_no(0);
	else if (by_file(root_fd, out) || by_name(root_fd, out) ||
		 by_first_process(root_fd, out) || by_cgroup(root_fd, out))
		return;
	else if (processes)
		out->container = processes == INITIAL_PID_NAMESPACE ? probe_no(0) : probe_yes();
	else
		out->container = probe_unknown(ENOENT);
}

void surroundings_read(int root_fd, const char *release, struct policy *out)
{
	out->wsl = strcasestr(release, "microsoft") ? probe_yes() : probe_no(0);
	find_container(root_fd, out);
	/* There, distributions live as containers do, beside each other on Microsoft's kernel. */
	if (out->wsl.truth == TRUTH_YES && !out->container_kind[0])
		set_kind(out, "wsl");
}
