/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What stands between a process and bpf(2): privileges, limits and the policies of the kernel, the
 * distribution and a container.  Read from /proc, /sys and, where securityfs is not mounted,
 * from a mount of it that nobody else sees.
 */
#ifndef HOST_POLICY_H
#define HOST_POLICY_H

#include <stdbool.h>
#include <stdint.h>

#include "host/probe.h"

/* A number that the kernel shows in a file. */
struct setting {
	struct probe known;      /* no: the kernel has no such setting; unknown: it cannot be read */
	int64_t value;
};

enum lockdown { LOCKDOWN_UNKNOWN, LOCKDOWN_NONE, LOCKDOWN_INTEGRITY, LOCKDOWN_CONFIDENTIALITY };

enum { POLICY_UNLIMITED = -1 };

struct policy {
	/* This process: /proc/self. */
	struct setting uid;                 /* effective */
	struct probe initial_user_namespace;
	struct setting capabilities;        /* effective, a bit for each CAP_ number */
	struct setting bounding;            /* the bounding set */
	struct setting seccomp;             /* 0 none, 1 strict, 2 a filter */
	struct setting no_new_privileges;
	struct setting memlock;             /* RLIMIT_MEMLOCK in bytes, POLICY_UNLIMITED */

	/* The kernel. */
	enum lockdown lockdown;
	int lockdown_error;                 /* why unknown */
	struct probe lsms_known;
	char lsms[256];                     /* "lockdown,capability,bpf", as far as known */
	struct setting perf_event_paranoid; /* Debian and Ubuntu have levels above 2 */
	struct setting unprivileged_bpf_disabled; /* 0 allowed, 1 off for good, 2 off */
	struct setting jit;                 /* net.core.bpf_jit_enable */
	struct setting ftrace;              /* kernel.ftrace_enabled */
	struct setting kptr_restrict;
	struct setting kprobe_pmu;          /* type for perf_event_open(2) */
	struct setting uprobe_pmu;
	struct probe kprobe_events;         /* tracefs has the file that makes kprobes without a PMU */
	struct probe uprobe_events;

	struct probe tracefs_mounted;       /* where libbpf looks */
	struct probe tracefs_readable;
	char tracefs_path[32];              /* "/sys/kernel/tracing"; "" when not mounted */

	/* What this process lives in. */
	struct probe container;
	char container_kind[32];            /* docker, podman, kubernetes, lxc, systemd-nspawn ... */
	struct probe wsl;                   /* Microsoft's kernel for Windows */
};

/*
 * Reads the policies below a root.  live: of this kernel and process, so that it may also be asked
 * what no file says, but under a seccomp filter only by calls that any process makes.  release is
 * uname -r.
 */
void policy_read(int root_fd, const char *release, bool live, struct policy *out);

/* Takes out what was read of the kernel, not of the process: it is about another kernel. */
void policy_forget_kernel(struct policy *policy);

/* Whether capability number CAP_... is effective, or in the bounding set. */
struct probe policy_capability(const struct policy *policy, int capability);
struct probe policy_bounding(const struct policy *policy, int capability);

/* A seccomp filter is on, or it is not known that there is none. */
bool policy_is_filtered(const struct policy *policy);

/*
 * An answer as these policies let it be understood: a seccomp filter may say "no such system call"
 * of one that it forbids, so that such a no is unknown.
 */
struct probe policy_doubt(const struct policy *policy, struct probe probe);

/* Whether a security module is active, by its name in the list: "bpf". */
struct probe policy_lsm(const struct policy *policy, const char *name);

/* "none", "integrity", "confidentiality", "unknown". */
const char *lockdown_name(enum lockdown lockdown);

#endif
