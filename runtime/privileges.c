/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <linux/capability.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "runtime/privileges.h"

/* Since 5.8 it is CAP_BPF; before, and where that was not given, CAP_SYS_ADMIN. */
static uint64_t bpf_capability(uint64_t effective)
{
	uint64_t bpf = 1ull << CAP_BPF, admin = 1ull << CAP_SYS_ADMIN;

	return effective & (effective & bpf ? bpf : admin);
}

int privileges_drop(bool keep_bpf, struct error *err)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = { { 0 } };
	uint64_t kept = 0;
	size_t i;

	if (syscall(SYS_capget, &header, data) < 0)
		return error_errno(err, -errno, "capabilities");
	if (keep_bpf)
		kept = bpf_capability(data[0].effective | (uint64_t)data[1].effective << 32);
	for (i = 0; i < _LINUX_CAPABILITY_U32S_3; i++) {
		uint32_t half = (uint32_t)(kept >> (32 * i));

		data[i] = (struct __user_cap_data_struct){ .effective = half, .permitted = half };
	}
	if (syscall(SYS_capset, &header, data) < 0)
		return error_errno(err, -errno, "capabilities");
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return error_errno(err, -errno, "no_new_privs");
	return 0;
}
