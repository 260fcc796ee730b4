/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/perf_event.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "loader/explain.h"
#include "loader/foreign.h"

/* The loopback interface is the first of every network namespace. */
enum { LOOPBACK = 1 };

static bool in_own_network;

void foreign_prepare(void)
{
	in_own_network = unshare(CLONE_NEWNET) == 0;
}

static int close_link(struct bpf_link *link)
{
	return link ? bpf_link__destroy(link) : -errno;
}

static int touch_xdp(struct bpf_program *program)
{
	return in_own_network ? close_link(bpf_program__attach_xdp(program, LOOPBACK)) : -EPERM;
}

static int touch_tc(struct bpf_program *program)
{
	LIBBPF_OPTS(bpf_tc_hook, hook, .ifindex = LOOPBACK, .attach_point = BPF_TC_INGRESS);
	LIBBPF_OPTS(bpf_tc_opts, filter, .prog_fd = bpf_program__fd(program));
	int code;

	if (!in_own_network)
		return -EPERM;
	code = bpf_tc_hook_create(&hook);
	if (!code)
		code = bpf_tc_attach(&hook, &filter);
	hook.attach_point = BPF_TC_INGRESS | BPF_TC_EGRESS;
	bpf_tc_hook_destroy(&hook); /* with the filter; the namespace ends soon anyhow */
	return code;
}

/* Where version 2 of cgroups is mounted: alone, or beside version 1. */
static const char *cgroup_mount(void)
{
	static const char *const PLACES[] = { "/sys/fs/cgroup", "/sys/fs/cgroup/unified" };
	struct statfs system;
	size_t i;

	for (i = 0; i < sizeof(PLACES) / sizeof(PLACES[0]); i++)
		if (statfs(PLACES[i], &system) == 0 && system.f_type == CGROUP2_SUPER_MAGIC)
			return PLACES[i];
	return NULL;
}

static int touch_cgroup(struct bpf_program *program)
{
	const char *mount = cgroup_mount();
	char path[64];
	int fd, code;

	if (!mount)
		return -ENOENT;
	snprintf(path, sizeof(path), "%s/btferry-check.%d", mount, getpid());
	if (mkdir(path, 0755))
		return -errno;
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	code = fd < 0 ? -errno : close_link(bpf_program__attach_cgroup(program, fd));
	if (fd >= 0)
		close(fd);
	if (rmdir(path) && !code)
		code = -errno;
	return code;
}

static int touch_network_namespace(struct bpf_program *program)
{
	int fd, code;

	if (!in_own_network)
		return -EPERM;
	fd = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	code = close_link(bpf_program__attach_netns(program, fd));
	close(fd);
	return code;
}

/* Of this process, and never counted. */
static int touch_perf_event(struct bpf_program *program)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE, .size = sizeof(attr), .config = PERF_COUNT_SW_CPU_CLOCK,
		.sample_period = 1000000, .disabled = 1,
	};
	int fd = (int)syscall(SYS_perf_event_open, &attr, 0, -1, -1, PERF_FLAG_FD_CLOEXEC), code;
	struct bpf_link *link;

	if (fd < 0)
		return -errno;
	link = bpf_program__attach_perf_event(program, fd);
	if (link)
		return bpf_link__destroy(link);
	code = -errno;
	close(fd);
	return code;
}

static const struct {
	uint32_t type;
	int (*touch)(struct bpf_program *program);
} WAYS[] = {
	{ BPF_PROG_TYPE_XDP, touch_xdp },
	{ BPF_PROG_TYPE_SCHED_CLS, touch_tc },
	{ BPF_PROG_TYPE_CGROUP_SKB, touch_cgroup },
	{ BPF_PROG_TYPE_CGROUP_SOCK, touch_cgroup },
	{ BPF_PROG_TYPE_CGROUP_SOCK_ADDR, touch_cgroup },
	{ BPF_PROG_TYPE_CGROUP_DEVICE, touch_cgroup },
	{ BPF_PROG_TYPE_CGROUP_SYSCTL, touch_cgroup },
	{ BPF_PROG_TYPE_CGROUP_SOCKOPT, touch_cgroup },
	{ BPF_PROG_TYPE_SOCK_OPS, touch_cgroup },
	{ BPF_PROG_TYPE_SK_LOOKUP, touch_network_namespace },
	{ BPF_PROG_TYPE_FLOW_DISSECTOR, touch_network_namespace },
	{ BPF_PROG_TYPE_PERF_EVENT, touch_perf_event },
};
enum { WAY_COUNT = sizeof(WAYS) / sizeof(WAYS[0]) };

bool foreign_can_touch(uint32_t type)
{
	size_t i;

	for (i = 0; i < WAY_COUNT; i++)
		if (WAYS[i].type == type)
			return true;
	return false;
}

enum exit_status foreign_touch(struct bpf_program *program, const char *object, struct error *err)
{
	const uint32_t type = bpf_program__type(program);
	int code = -ENOENT;
	size_t i;

	for (i = 0; i < WAY_COUNT; i++)
		if (WAYS[i].type == type)
			code = WAYS[i].touch(program);
	return code ? explain_attach(code, object, bpf_program__name(program),
				     bpf_program__section_name(program), err) : STATUS_DONE;
}
