/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "lib/array.h"

#include "host/policy_parts.h"
#include "host/root.h"
#include "host/tracepoints.h"

/*
 * The number in a file; folder is where the file would be if the kernel had it.  Without the folder
 * nothing is known: the file system is not mounted.
 */
static struct setting read_setting(int root_fd, const char *path, const char *folder)
{
	struct setting setting = { .known = probe_unknown(0) };
	struct buffer text = { 0 };
	int code = root_read(root_fd, path, 4096, &text);
	char *end;

	if (!code)
		code = buffer_append(&text, "", 1);
	if (!code) {
		setting.value = strtoll((char *)text.data, &end, 10);
		setting.known = (char *)text.data == end ? probe_unknown(EBADMSG) : probe_yes();
	} else if (code == -ENOENT && root_find(root_fd, folder) == 0) {
		setting.known = probe_no(ENOENT);
	} else {
		setting.known = probe_unknown(-code);
	}
	buffer_free(&text);
	return setting;
}

static void read_settings(int root_fd, struct policy *out)
{
	static const char kernel[] = "proc/sys/kernel", pmus[] = "sys/bus/event_source/devices";

	out->perf_event_paranoid = read_setting(root_fd, "proc/sys/kernel/perf_event_paranoid",
						kernel);
	out->unprivileged_bpf_disabled =
		read_setting(root_fd, "proc/sys/kernel/unprivileged_bpf_disabled", kernel);
	out->ftrace = read_setting(root_fd, "proc/sys/kernel/ftrace_enabled", kernel);
	out->kptr_restrict = read_setting(root_fd, "proc/sys/kernel/kptr_restrict", kernel);
	out->jit = read_setting(root_fd, "proc/sys/net/core/bpf_jit_enable", "proc/sys/net/core");
	out->kprobe_pmu = read_setting(root_fd, "sys/bus/event_source/devices/kprobe/type", pmus);
	out->uprobe_pmu = read_setting(root_fd, "sys/bus/event_source/devices/uprobe/type", pmus);
}

/*
 * A folder that is not for us to enter is there all the same.  The folder of the mount point is in
 * sysfs even where tracefs is not mounted on it, and empty then.
 */
static void read_tracefs(int root_fd, bool live, struct policy *out)
{
	static const char *const PLACES[] = { "/sys/kernel/tracing", "/sys/kernel/debug/tracing" };
	char events[64];
	size_t i;
	int code;

	out->tracefs_mounted = out->tracefs_readable = probe_no(ENOENT);
	for (i = 0; i < sizeof(PLACES) / sizeof(PLACES[0]); i++) {
		snprintf(events, sizeof(events), "%s/events", PLACES[i] + 1);
		code = root_find(root_fd, events);
		if (code == -ENOENT)
			continue;
		snprintf(out->tracefs_path, sizeof(out->tracefs_path), "%s", PLACES[i]);
		/* Without the right to enter, nobody can tell an empty folder from a full one. */
		out->tracefs_mounted = code ? probe_unknown(-code) : probe_yes();
		code = root_find(root_fd, strcat(events, "/header_page"));
		out->tracefs_readable = code ? probe_unknown(-code) : probe_yes();
		return;
	}
	/* The files of a host that does not run: nothing is mounted below them. */
	if (!live && root_find(root_fd, "sys/kernel"))
		out->tracefs_mounted = out->tracefs_readable = probe_unknown(ENOENT);
	/* The kernel then fills no tracefs, and mounting it does not help. */
	if (out->lockdown == LOCKDOWN_CONFIDENTIALITY)
		out->tracefs_mounted = out->tracefs_readable = probe_unknown(EPERM);
}

/* Files of tracefs, which need not be mounted for a look. */
static void read_probe_events(int root_fd, bool mounts, struct policy *out)
{
	const struct {
		const char *path;
		struct probe *probe;
	} FILES[] = {
		{ "kprobe_events", &out->kprobe_events }, { "uprobe_events", &out->uprobe_events },
	};
	int fd = tracefs_open(root_fd, mounts), code;
	size_t i;

	for (i = 0; i < sizeof(FILES) / sizeof(FILES[0]); i++) {
		code = fd < 0 ? fd : root_find(fd, FILES[i].path);
		*FILES[i].probe = !code ? probe_yes() :
				  code == -ENOENT ? probe_no(ENOENT) : probe_unknown(-code);
	}
	if (fd >= 0)
		close(fd);
}

void policy_read(int root_fd, const char *release, bool live, struct policy *out)
{
	bool mounts;

	*out = (struct policy){ .lockdown = LOCKDOWN_UNKNOWN };
	process_read(root_fd, live, out);
	mounts = live && !policy_is_filtered(out);
	security_read(root_fd, mounts, out);
	read_settings(root_fd, out);
	read_tracefs(root_fd, live, out);
	read_probe_events(root_fd, mounts, out);
	surroundings_read(root_fd, release, out);
}

void policy_forget_kernel(struct policy *policy)
{
	struct policy left = { .lockdown = LOCKDOWN_UNKNOWN };

	left.uid = policy->uid;
	left.initial_user_namespace = policy->initial_user_namespace;
	left.capabilities = policy->capabilities;
	left.bounding = policy->bounding;
	left.seccomp = policy->seccomp;
	left.no_new_privileges = policy->no_new_privileges;
	left.memlock = policy->memlock;
	left.container = policy->container;
	memcpy(left.container_kind, policy->container_kind, sizeof(left.container_kind));
	left.wsl = policy->wsl;
	*policy = left;
}

bool policy_is_filtered(const struct policy *policy)
{
	enum { SECCOMP_FILTER = 2 };

	return policy->seccomp.known.truth == TRUTH_UNKNOWN || policy->seccomp.value == SECCOMP_FILTER;
}

static struct probe has_bit(const struct setting *set, int bit)
{
	if (set->known.truth != TRUTH_YES)
		return probe_unknown(set->known.error);
	return (uint64_t)set->value & 1ull << bit ? probe_yes() : probe_no(0);
}

struct probe policy_capability(const struct policy *policy, int capability)
{
	return has_bit(&policy->capabilities, capability);
}

struct probe policy_bounding(const struct policy *policy, int capability)
{
	return has_bit(&policy->bounding, capability);
}

struct probe policy_doubt(const struct policy *policy, struct probe probe)
{
	return probe.truth == TRUTH_NO && probe.error == ENOSYS && policy_is_filtered(policy) ?
	       probe_unknown(ENOSYS) : probe;
}

struct probe policy_lsm(const struct policy *policy, const char *name)
{
	const char *at = policy->lsms;
	size_t length = strlen(name);

	for (; *at; at += strcspn(at, ","), at += *at == ',')
		if (strncmp(at, name, length) == 0 && (at[length] == ',' || at[length] == '\0'))
			return probe_yes();
	return policy->lsms_known.truth == TRUTH_YES ? probe_no(0) : policy->lsms_known;
}

const char *lockdown_name(enum lockdown lockdown)
{
	static const char *const NAMES[] = {
		[LOCKDOWN_UNKNOWN] = "unknown", [LOCKDOWN_NONE] = "none",
		[LOCKDOWN_INTEGRITY] = "integrity", [LOCKDOWN_CONFIDENTIALITY] = "confidentiality",
	};

	return NAMES[lockdown];
}
