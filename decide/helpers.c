/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdio.h>
#include <string.h>

#include <linux/bpf.h>

#include "decide/helpers.h"

/* Newer than the headers of Debian 12 (Linux 6.2). */
enum { CGRP_STORAGE_GET = 210, CGRP_STORAGE_DELETE = 211 };

#define PREFIX "helper "
#define NAME_OF(name) [BPF_FUNC_##name] = PREFIX "bpf_" #name
static const char *const NAMES[] = {
	__BPF_FUNC_MAPPER(NAME_OF)
	[CGRP_STORAGE_GET] = PREFIX "bpf_cgrp_storage_get",
	[CGRP_STORAGE_DELETE] = PREFIX "bpf_cgrp_storage_delete",
};

/*
 * Helpers that take or return pointers to BTF types (RET_PTR_TO_BTF_ID, ARG_PTR_TO_BTF_ID): the
 * verifier needs the kernel's BTF for them in any program.  snprintf_btf loads without, and fails
 * when called.
 */
static const uint32_t KERNEL_BTF[] = {
	BPF_FUNC_get_current_task_btf, BPF_FUNC_task_storage_get, BPF_FUNC_task_storage_delete,
	CGRP_STORAGE_GET, CGRP_STORAGE_DELETE, BPF_FUNC_inode_storage_get,
	BPF_FUNC_inode_storage_delete, BPF_FUNC_snprintf_btf, BPF_FUNC_seq_printf_btf,
	BPF_FUNC_per_cpu_ptr, BPF_FUNC_this_cpu_ptr, BPF_FUNC_get_task_stack,
	BPF_FUNC_task_pt_regs, BPF_FUNC_find_vma, BPF_FUNC_copy_from_user_task,
	BPF_FUNC_sock_from_file, BPF_FUNC_d_path, BPF_FUNC_skc_to_tcp6_sock,
	BPF_FUNC_skc_to_tcp_sock, BPF_FUNC_skc_to_tcp_timewait_sock,
	BPF_FUNC_skc_to_tcp_request_sock, BPF_FUNC_skc_to_udp6_sock, BPF_FUNC_skc_to_unix_sock,
	BPF_FUNC_skc_to_mptcp_sock,
};

/* .gpl_only in the kernel's prototypes, for every type of program that has them. */
static const uint32_t GPL_ONLY[] = {
	BPF_FUNC_probe_read, BPF_FUNC_probe_write_user, BPF_FUNC_perf_event_read,
	BPF_FUNC_trace_printk, BPF_FUNC_perf_event_output, BPF_FUNC_get_stackid,
	BPF_FUNC_get_current_task, BPF_FUNC_probe_read_str, BPF_FUNC_perf_event_read_value,
	BPF_FUNC_perf_prog_read_value, BPF_FUNC_override_return, BPF_FUNC_get_stack,
	BPF_FUNC_fib_lookup, BPF_FUNC_tcp_check_syncookie, BPF_FUNC_tcp_gen_syncookie,
	BPF_FUNC_skb_output, BPF_FUNC_probe_read_user, BPF_FUNC_probe_read_kernel,
	BPF_FUNC_probe_read_user_str, BPF_FUNC_probe_read_kernel_str,
	BPF_FUNC_read_branch_records, BPF_FUNC_xdp_output, BPF_FUNC_seq_printf,
	BPF_FUNC_seq_write, BPF_FUNC_get_current_task_btf, BPF_FUNC_check_mtu, BPF_FUNC_snprintf,
	BPF_FUNC_timer_init, BPF_FUNC_timer_set_callback, BPF_FUNC_timer_start,
	BPF_FUNC_timer_cancel, BPF_FUNC_get_func_ip, BPF_FUNC_task_pt_regs,
	BPF_FUNC_get_branch_snapshot, BPF_FUNC_trace_vprintk, BPF_FUNC_copy_from_user_task,
};

/* license_is_gpl_compatible() of include/linux/license.h */
static const char *const GPL_LICENSES[] = {
	"GPL", "GPL v2", "GPL and additional rights", "Dual BSD/GPL", "Dual MIT/GPL", "Dual MPL/GPL",
};

static bool is_one_of(uint32_t id, const uint32_t *ids, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (ids[i] == id)
			return true;
	return false;
}

static const char *prefixed_name(uint32_t id)
{
	return id < sizeof(NAMES) / sizeof(NAMES[0]) ? NAMES[id] : NULL;
}

const char *helper_kernel_btf(uint32_t id)
{
	return is_one_of(id, KERNEL_BTF, sizeof(KERNEL_BTF) / sizeof(KERNEL_BTF[0])) ?
	       prefixed_name(id) : NULL;
}

bool helper_is_gpl_only(uint32_t id)
{
	return is_one_of(id, GPL_ONLY, sizeof(GPL_ONLY) / sizeof(GPL_ONLY[0]));
}

bool license_is_gpl(const char *license)
{
	size_t i;

	for (i = 0; i < sizeof(GPL_LICENSES) / sizeof(GPL_LICENSES[0]); i++)
		if (strcmp(license, GPL_LICENSES[i]) == 0)
			return true;
	return false;
}
