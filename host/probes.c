/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <linux/capability.h>
#include <sys/auxv.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "lib/array.h"

#include "host/probes.h"
#include "host/root.h"

static struct probe yes(void)
{
	return (struct probe){ .truth = TRUTH_YES };
}

static struct probe no(int error)
{
	return (struct probe){ .truth = TRUTH_NO, .error = error };
}

static struct probe unknown(int error)
{
	return (struct probe){ .truth = TRUTH_UNKNOWN, .error = error };
}

/* Forbidden is not missing: only an errno that says "there is no such thing" is a no. */
static struct probe answer(int fd)
{
	if (fd >= 0) {
		close(fd);
		return yes();
	}
	return errno == ENOSYS || errno == EINVAL ? no(errno) : unknown(errno);
}

struct probe probe_bpf_syscall(void)
{
	const struct bpf_insn insns[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = 0 },
		{ .code = BPF_JMP | BPF_EXIT },
	};

	return answer(bpf_prog_load(BPF_PROG_TYPE_SOCKET_FILTER, NULL, "GPL", insns, 2, NULL));
}

struct probe probe_ringbuf(void)
{
	return answer(bpf_map_create(BPF_MAP_TYPE_RINGBUF, NULL, 0, 0,
				     (__u32)sysconf(_SC_PAGESIZE), NULL));
}

static bool has_capability(const struct __user_cap_data_struct data[2], unsigned capability)
{
	return data[capability / 32].effective & 1u << capability % 32;
}

struct probe probe_cap_bpf(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2] = { 0 };

	if (syscall(SYS_capget, &header, data) < 0)
		return unknown(errno);
	if (has_capability(data, CAP_SYS_ADMIN) ||
	    (has_capability(data, CAP_BPF) && has_capability(data, CAP_PERFMON)))
		return yes();
	return no(0);
}

struct probe probe_secure_exec(void)
{
	return getauxval(AT_SECURE) ? yes() : no(0);
}

struct probe probe_lockdown(int root_fd)
{
	struct buffer text = { 0 };
	struct probe result;
	int code;

	code = root_read(root_fd, "sys/kernel/security/lockdown", 4096, &text);
	if (!code) /* "none integrity [confidentiality]": the current one in brackets */
		result = memmem(text.data, text.size, "[confidentiality]", 17) ? yes() : no(0);
	else if (code == -ENOENT && root_find(root_fd, "sys/kernel/security/lsm") == 0)
		result = no(ENOENT);
	else /* securityfs is not mounted, or not for us to read */
		result = unknown(-code);
	buffer_free(&text);
	return result;
}

struct probe probe_tracefs(int root_fd)
{
	int code = root_find(root_fd, "sys/kernel/tracing/events");

	if (code == -ENOENT)
		code = root_find(root_fd, "sys/kernel/debug/tracing/events");
	if (!code)
		return yes();
	return code == -ENOENT ? no(ENOENT) : unknown(-code);
}
