/* SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include "builder/types.h"

struct entry {
	const char *name, *header;
};

/*
 * What programs of libbpf-tools, Tracee and the like ask for.  Headers of folders below include/,
 * but those that begin with fs/, kernel/ or mm/: these are in whole source trees only.
 */
static const struct entry TYPES[] = {
	{ "address_space", "linux/fs.h" },
	{ "audit_context", "kernel/audit.h" },
	{ "bio", "linux/blk_types.h" },
	{ "block_device", "linux/blk_types.h" },
	{ "bpf_map", "linux/bpf.h" },
	{ "bpf_perf_event_data", "linux/bpf_perf_event.h" },
	{ "bpf_prog", "linux/bpf.h" },
	{ "bpf_raw_tracepoint_args", "linux/bpf.h" },
	{ "cfs_rq", "kernel/sched/sched.h" },
	{ "cgroup", "linux/cgroup-defs.h" },
	{ "cgroup_subsys_id", "linux/cgroup-defs.h" },
	{ "cgroup_subsys_state", "linux/cgroup-defs.h" },
	{ "cred", "linux/cred.h" },
	{ "css_set", "linux/cgroup-defs.h" },
	{ "dentry", "linux/dcache.h" },
	{ "elevator_queue", "block/elevator.h" },
	{ "ethhdr", "linux/if_ether.h" },
	{ "fdtable", "linux/fdtable.h" },
	{ "file", "linux/fs.h" },
	{ "file_operations", "linux/fs.h" },
	{ "filename", "linux/fs.h" },
	{ "files_struct", "linux/fdtable.h" },
	{ "fs_struct", "linux/fs_struct.h" },
	{ "gendisk", "linux/blkdev.h" },
	{ "inet_connection_sock", "net/inet_connection_sock.h" },
	{ "inet_sock", "net/inet_sock.h" },
	{ "inode", "linux/fs.h" },
	{ "inode_operations", "linux/fs.h" },
	{ "iov_iter", "linux/uio.h" },
	{ "iovec", "linux/uio.h" },
	{ "iphdr", "linux/ip.h" },
	{ "ipv6hdr", "linux/ipv6.h" },
	{ "ipv6_pinfo", "linux/ipv6.h" },
	{ "irqaction", "linux/interrupt.h" },
	{ "kernel_cap_struct", "linux/capability.h" },
	{ "kernel_cap_t", "linux/capability.h" },
	{ "kernel_clone_args", "linux/sched/task.h" },
	{ "kernel_siginfo", "linux/signal_types.h" },
	{ "kernfs_node", "linux/kernfs.h" },
	{ "kiocb", "linux/fs.h" },
	{ "kmem_cache", "mm/slab.h" },
	{ "ksym", "linux/filter.h" },
	{ "linux_binprm", "linux/binfmts.h" },
	{ "mm_struct", "linux/mm_types.h" },
	{ "mnt_namespace", "fs/mount.h" },
	{ "module", "linux/module.h" },
	{ "mount", "fs/mount.h" },
	{ "msghdr", "linux/socket.h" },
	{ "net", "net/net_namespace.h" },
	{ "net_device", "linux/netdevice.h" },
	{ "new_utsname", "linux/utsname.h" },
	{ "nsproxy", "linux/nsproxy.h" },
	{ "oom_control", "linux/oom.h" },
	{ "page", "linux/mm_types.h" },
	{ "path", "linux/path.h" },
	{ "perf_event", "linux/perf_event.h" },
	{ "pid", "linux/pid.h" },
	{ "pid_namespace", "linux/pid_namespace.h" },
	{ "pipe_inode_info", "linux/pipe_fs_i.h" },
	{ "proc_inode", "fs/proc/internal.h" },
	{ "proto", "net/sock.h" },
	{ "proto_ops", "linux/net.h" },
	{ "pt_regs", "linux/ptrace.h" },
	{ "qstr", "linux/dcache.h" },
	{ "renamedata", "linux/fs.h" },
	{ "request", "linux/blkdev.h" },
	{ "request_queue", "linux/blkdev.h" },
	{ "rq", "kernel/sched/sched.h" },
	{ "rtable", "net/route.h" },
	{ "seq_file", "linux/seq_file.h" },
	{ "seq_operations", "linux/seq_file.h" },
	{ "signal_struct", "linux/sched/signal.h" },
	{ "sighand_struct", "linux/sched/signal.h" },
	{ "sk_buff", "linux/skbuff.h" },
	{ "sock", "net/sock.h" },
	{ "sock_common", "net/sock.h" },
	{ "sockaddr_in", "linux/in.h" },
	{ "sockaddr_in6", "linux/in6.h" },
	{ "sockaddr_un", "linux/un.h" },
	{ "socket", "linux/net.h" },
	{ "super_block", "linux/fs.h" },
	{ "syscall_trace_enter", "kernel/trace/trace.h" },
	{ "syscall_trace_exit", "kernel/trace/trace.h" },
	{ "task_struct", "linux/sched.h" },
	{ "tcp_sock", "linux/tcp.h" },
	{ "tcphdr", "linux/tcp.h" },
	{ "thread_info", "linux/thread_info.h" },
	{ "thread_struct", "linux/sched.h" },
	{ "timespec64", "linux/time64.h" },
	{ "trace_entry", "linux/trace_events.h" },
	{ "tty_struct", "linux/tty.h" },
	{ "udp_sock", "linux/udp.h" },
	{ "udphdr", "linux/udp.h" },
	{ "unix_address", "net/af_unix.h" },
	{ "unix_sock", "net/af_unix.h" },
	{ "upid", "linux/pid.h" },
	{ "user_namespace", "linux/user_namespace.h" },
	{ "user_struct", "linux/sched/user.h" },
	{ "uts_namespace", "linux/utsname.h" },
	{ "vfsmount", "linux/mount.h" },
	{ "vm_area_struct", "linux/mm_types.h" },
	{ "vm_struct", "linux/vmalloc.h" },
};

/* The start of a tracepoint's name, and the header of its subsystem: the longest counts. */
static const struct {
	const char *name;
	struct event_place place;
} EVENTS[] = {
	{ "block_", { "trace/events/block.h", "CONFIG_BLOCK" } },
	{ "cgroup", { "trace/events/cgroup.h", "CONFIG_CGROUPS" } },
	{ "consume_skb", { "trace/events/skb.h", "CONFIG_NET" } },
	{ "cpu_", { "trace/events/power.h", NULL } },
	{ "exceptions", { "asm/trace/exceptions.h", NULL } },
	{ "ext4_", { "trace/events/ext4.h", "CONFIG_EXT4_FS" } },
	{ "fib_", { "trace/events/fib.h", "CONFIG_INET" } },
	{ "hrtimer_", { "trace/events/timer.h", NULL } },
	{ "inet_sock_", { "trace/events/sock.h", "CONFIG_INET" } },
	{ "irq_", { "trace/events/irq.h", NULL } },
	{ "kfree_skb", { "trace/events/skb.h", "CONFIG_NET" } },
	{ "kfree", { "trace/events/kmem.h", NULL } },
	{ "kmalloc", { "trace/events/kmem.h", NULL } },
	{ "kmem_", { "trace/events/kmem.h", NULL } },
	{ "mm_page_", { "trace/events/kmem.h", NULL } },
	{ "mm_vmscan_", { "trace/events/vmscan.h", NULL } },
	{ "module_", { "trace/events/module.h", "CONFIG_MODULES" } },
	{ "napi_", { "trace/events/napi.h", "CONFIG_NET" } },
	{ "net_dev_", { "trace/events/net.h", "CONFIG_NET" } },
	{ "oom_", { "trace/events/oom.h", NULL } },
	{ "power_", { "trace/events/power.h", NULL } },
	{ "qdisc_", { "trace/events/qdisc.h", "CONFIG_NET_SCHED" } },
	{ "sched_", { "trace/events/sched.h", NULL } },
	{ "signal_", { "trace/events/signal.h", NULL } },
	{ "skb_", { "trace/events/skb.h", "CONFIG_NET" } },
	{ "sock_", { "trace/events/sock.h", "CONFIG_NET" } },
	{ "softirq", { "trace/events/irq.h", NULL } },
	{ "sys_", { "trace/events/syscalls.h", "CONFIG_HAVE_SYSCALL_TRACEPOINTS" } },
	{ "task_", { "trace/events/task.h", NULL } },
	{ "tcp_", { "trace/events/tcp.h", "CONFIG_INET" } },
	{ "timer_", { "trace/events/timer.h", NULL } },
	{ "udp_", { "trace/events/udp.h", "CONFIG_INET" } },
	{ "workqueue_", { "trace/events/workqueue.h", NULL } },
	{ "writeback_", { "trace/events/writeback.h", "CONFIG_BLOCK" } },
};

const char *types_header(const char *name, size_t length)
{
	size_t i;

	for (i = 0; i < sizeof(TYPES) / sizeof(TYPES[0]); i++)
		if (strlen(TYPES[i].name) == length && !memcmp(TYPES[i].name, name, length))
			return TYPES[i].header;
	return NULL;
}

struct event_place types_event(const char *name, size_t length)
{
	static const char prefix[] = "trace_event_raw_";
	struct event_place found = { NULL, NULL };
	size_t i, start, longest = 0;

	if (length < sizeof(prefix) || memcmp(name, prefix, sizeof(prefix) - 1) != 0)
		return found;
	name += sizeof(prefix) - 1;
	length -= sizeof(prefix) - 1;
	for (i = 0; i < sizeof(EVENTS) / sizeof(EVENTS[0]); i++) {
		start = strlen(EVENTS[i].name);
		if (start > longest && start <= length && !memcmp(EVENTS[i].name, name, start)) {
			longest = start;
			found = EVENTS[i].place;
		}
	}
	return found;
}
