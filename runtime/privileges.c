/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <linux/capability.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "runtime/privileges.h"

static int ask_permitted(uint64_t *out, struct error *err)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = { { 0 } };

	if (syscall(SYS_capget, &header, data) < 0)
		return error_errno(err, -errno, "capabilities");
	*out = data[0].permitted | (uint64_t)data[1].permitted << 32;
	return 0;
}

static int set(uint64_t effective, uint64_t permitted, struct error *err)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {
		{ .effective = (uint32_t)effective, .permitted = (uint32_t)permitted },
		{ .effective = (uint32_t)(effective >> 32), .permitted = (uint32_t)(permitted >> 32) },
	};

	return syscall(SYS_capset, &header, data) < 0 ? error_errno(err, -errno, "capabilities") : 0;
}

int privileges_suspend(struct error *err)
{
	uint64_t permitted;
	int code = ask_permitted(&permitted, err);

	return code ? code : set(0, permitted, err);
}

/* Since 5.8 it is CAP_BPF; before, and where that was not given, CAP_SYS_ADMIN. */
static uint64_t bpf_capability(uint64_t permitted)
{
	uint64_t bpf = 1ull << CAP_BPF, admin = 1ull << CAP_SYS_ADMIN;

	return permitted & (permitted & bpf ? bpf : admin);
}

int privileges_drop(bool keep_bpf, struct error *err)
{
	uint64_t kept = 0;
	int code = 0;

	if (keep_bpf) {
		code = ask_permitted(&kept, err);
		kept = bpf_capability(kept);
	}
	if (!code)
		code = set(kept, kept, err);
	if (!code && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		code = error_errno(err, -errno, "no_new_privs");
	return code;
}

uint64_t privileges_held(void)
{
	struct error err = ERROR_NONE;
	uint64_t permitted;

	return ask_permitted(&permitted, &err) ? UINT64_MAX : permitted;
}

bool privileges_are_final(void)
{
	return prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1;
}

/* In the order of their numbers; the kernel only ever adds to them. */
static const char *const NAMES[] = {
	"CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_DAC_READ_SEARCH", "CAP_FOWNER", "CAP_FSETID",
	"CAP_KILL", "CAP_SETGID", "CAP_SETUID", "CAP_SETPCAP", "CAP_LINUX_IMMUTABLE",
	"CAP_NET_BIND_SERVICE", "CAP_NET_BROADCAST", "CAP_NET_ADMIN", "CAP_NET_RAW",
	"CAP_IPC_LOCK", "CAP_IPC_OWNER", "CAP_SYS_MODULE", "CAP_SYS_RAWIO", "CAP_SYS_CHROOT",
	"CAP_SYS_PTRACE", "CAP_SYS_PACCT", "CAP_SYS_ADMIN", "CAP_SYS_BOOT", "CAP_SYS_NICE",
	"CAP_SYS_RESOURCE", "CAP_SYS_TIME", "CAP_SYS_TTY_CONFIG", "CAP_MKNOD", "CAP_LEASE",
	"CAP_AUDIT_WRITE", "CAP_AUDIT_CONTROL", "CAP_SETFCAP", "CAP_MAC_OVERRIDE",
	"CAP_MAC_ADMIN", "CAP_SYSLOG", "CAP_WAKE_ALARM", "CAP_BLOCK_SUSPEND", "CAP_AUDIT_READ",
	"CAP_PERFMON", "CAP_BPF", "CAP_CHECKPOINT_RESTORE",
};

char *privileges_names(uint64_t capabilities, char text[static PRIVILEGES_NAMES_SIZE])
{
	char *end = text;
	size_t i;

	*end = '\0';
	for (i = 0; i < sizeof(NAMES) / sizeof(NAMES[0]); i++)
		if (capabilities >> i & 1)
			end = stpcpy(stpcpy(end, end == text ? "" : " "), NAMES[i]);
	return text;
}
