/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <linux/perf_event.h>
#include <mntent.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "tests/truth/attach.h"

static int destroy(struct bpf_link *link)
{
	return link ? bpf_link__destroy(link) : -errno;
}

static int attach_xdp(const struct bpf_program *program)
{
	return destroy(bpf_program__attach_xdp(program, (int)if_nametoindex("lo")));
}

static int attach_tc(const struct bpf_program *program)
{
	LIBBPF_OPTS(bpf_tc_hook, hook, .ifindex = (int)if_nametoindex("lo"),
		    .attach_point = BPF_TC_INGRESS);
	LIBBPF_OPTS(bpf_tc_opts, opts, .prog_fd = bpf_program__fd(program));
	int code = bpf_tc_hook_create(&hook);

	if (code)
		return code;
	code = bpf_tc_attach(&hook, &opts);
	if (!code) {
		opts.flags = opts.prog_fd = opts.prog_id = 0;
		code = bpf_tc_detach(&hook, &opts);
	}
	hook.attach_point = BPF_TC_INGRESS | BPF_TC_EGRESS;
	bpf_tc_hook_destroy(&hook);
	return code;
}

static int attach_socket(const struct bpf_program *program)
{
	int pair[2], fd = bpf_program__fd(program), code = 0;

	if (socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, pair))
		return -errno;
	if (setsockopt(pair[0], SOL_SOCKET, SO_ATTACH_BPF, &fd, sizeof(fd)))
		code = -errno;
	close(pair[0]);
	close(pair[1]);
	return code;
}

/* Writes the path of a new cgroup; no process is in it. */
static int make_cgroup(char *path, size_t size)
{
	FILE *mounts = setmntent("/proc/self/mounts", "re");
	struct mntent *entry;
	int code = -ENOENT;

	if (!mounts)
		return -errno;
	while (code == -ENOENT && (entry = getmntent(mounts))) {
		if (strcmp(entry->mnt_type, "cgroup2") != 0)
			continue;
		snprintf(path, size, "%s/truth.XXXXXX", entry->mnt_dir);
		code = mkdtemp(path) ? 0 : -errno;
	}
	endmntent(mounts);
	return code;
}

static int attach_cgroup(const struct bpf_program *program)
{
	char path[4096];
	int fd, code = make_cgroup(path, sizeof(path));

	if (code)
		return code;
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	code = fd < 0 ? -errno : destroy(bpf_program__attach_cgroup(program, fd));
	if (fd >= 0)
		close(fd);
	rmdir(path);
	return code;
}

static int attach_netns(const struct bpf_program *program)
{
	int fd = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC), code;

	if (fd < 0)
		return -errno;
	code = destroy(bpf_program__attach_netns(program, fd));
	close(fd);
	return code;
}

static int attach_perf_event(const struct bpf_program *program)
{
	struct perf_event_attr attr = {
		.size = sizeof(attr), .type = PERF_TYPE_SOFTWARE, .freq = 1, .sample_freq = 1,
		.config = PERF_COUNT_SW_CPU_CLOCK,
	};
	int fd = (int)syscall(SYS_perf_event_open, &attr, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
	struct bpf_link *link;
	int code;

	if (fd < 0)
		return -errno;
	link = bpf_program__attach_perf_event(program, fd);
	if (link) /* which owns the descriptor then */
		return bpf_link__destroy(link);
	code = -errno;
	close(fd);
	return code;
}

static int run_once(const struct bpf_program *program)
{
	LIBBPF_OPTS(bpf_test_run_opts, opts);

	return bpf_prog_test_run_opts(bpf_program__fd(program), &opts);
}

static const struct {
	enum bpf_prog_type type;
	int (*attach)(const struct bpf_program *program);
} EXPLICIT[] = {
	{ BPF_PROG_TYPE_XDP, attach_xdp },
	{ BPF_PROG_TYPE_SCHED_CLS, attach_tc },
	{ BPF_PROG_TYPE_SOCKET_FILTER, attach_socket },
	{ BPF_PROG_TYPE_CGROUP_SKB, attach_cgroup },
	{ BPF_PROG_TYPE_CGROUP_SOCK_ADDR, attach_cgroup },
	{ BPF_PROG_TYPE_SOCK_OPS, attach_cgroup },
	{ BPF_PROG_TYPE_SK_LOOKUP, attach_netns },
	{ BPF_PROG_TYPE_FLOW_DISSECTOR, attach_netns },
	{ BPF_PROG_TYPE_PERF_EVENT, attach_perf_event },
	{ BPF_PROG_TYPE_SYSCALL, run_once },
};
enum { EXPLICIT_COUNT = sizeof(EXPLICIT) / sizeof(EXPLICIT[0]) };

/* "kprobe" and "uretprobe/readline" do not say where, "kprobe/do_exit" and "uprobe/sh:main" do. */
static bool is_bare(const struct bpf_program *program)
{
	const char *section = bpf_program__section_name(program);

	return strchr(section, section[0] == 'u' ? ':' : '/') == NULL;
}

enum attach_way attach_way(const struct bpf_program *program)
{
	const enum bpf_prog_type type = bpf_program__type(program);
	size_t i;

	for (i = 0; i < EXPLICIT_COUNT; i++)
		if (EXPLICIT[i].type == type)
			return ATTACH_EXPLICIT;
	switch (type) {
	case BPF_PROG_TYPE_KPROBE:
	case BPF_PROG_TYPE_TRACEPOINT:
	case BPF_PROG_TYPE_RAW_TRACEPOINT:
		return is_bare(program) ? ATTACH_NONE : ATTACH_AUTO;
	case BPF_PROG_TYPE_TRACING:
	case BPF_PROG_TYPE_LSM:
		return bpf_program__expected_attach_type(program) == BPF_LSM_CGROUP ?
			ATTACH_NONE : ATTACH_AUTO;
	case BPF_PROG_TYPE_EXT:
		return ATTACH_AUTO;
	default:
		return ATTACH_NONE;
	}
}

int attach_explicitly(const struct bpf_program *program)
{
	size_t i;

	for (i = 0; i < EXPLICIT_COUNT; i++)
		if (EXPLICIT[i].type == bpf_program__type(program))
			return EXPLICIT[i].attach(program);
	return -EOPNOTSUPP;
}
