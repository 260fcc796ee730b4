/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every kind of CO-RE relocation, asked of types that real kernels have, and of some that they do
 * not.  `___match` types become TYPE_MATCHES relocations after compiling: clang 14 cannot write
 * them.
 */
#include "ask.h"

volatile __u64 sink;

typedef int pid_t;
typedef unsigned int gfp_t;
typedef struct { unsigned int val; } kuid_t;
typedef struct { int counter; } atomic_t;
typedef struct not_in_any_kernel *not_in_any_kernel_t;
struct task_struct;
struct linux_binprm { int argc; };
typedef void (*btf_trace_sched_process_exec)(void *, struct task_struct *, pid_t,
					     struct linux_binprm *);
typedef int (*sys_call_ptr_t_that_is_not)(int);

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct list_head { struct list_head *next, *prev; };
struct cred { kuid_t uid, euid; };
struct nsproxy;
struct mm_struct { struct { unsigned long start_code, end_code, arg_start; }; };

struct task_struct {
	unsigned int flags;
	int prio;
	unsigned int policy;
	unsigned sched_reset_on_fork : 1;
	unsigned in_execve : 1;
	unsigned no_cgroup_migration : 1;
	pid_t pid, tgid;
	struct task_struct *real_parent;
	struct list_head children;
	char comm[16];
	const struct cred *cred;
	struct mm_struct *mm;
	struct nsproxy *nsproxy;
	__u64 start_time, start_boottime;
	struct { __u64 rchar; } ioac;
};
struct task_struct___old { long state; } __attribute__((preserve_access_index));
struct task_struct___new { unsigned int __state; };
struct task_struct___none { int no_such_field; struct { int deep; } no_such_struct; };

struct sk_buff {
	unsigned int len, data_len;
	char cb[48];
	__u8 pkt_type : 3, ignore_df : 1, cloned : 1, ip_summed : 2;
	__u16 protocol, transport_header;
	unsigned char *head, *data;
};
struct sk_buff___wide { __u64 len; char *protocol; };

struct in6_addr { union { __u8 u6_addr8[16]; __u32 u6_addr32[4]; } in6_u; };
struct sock_common {
	union { struct { __u32 skc_daddr, skc_rcv_saddr; }; };
	unsigned short skc_family;
	volatile unsigned char skc_state;
	struct in6_addr skc_v6_daddr;
};
struct sock { struct sock_common __sk_common; __u16 sk_type, sk_protocol; int sk_rcvbuf; };

struct linux_dirent64 { __u64 d_ino; unsigned short d_reclen; char d_name[]; };
struct bpf_prog { __u16 jited : 1, gpl_compatible : 1; unsigned int len; unsigned int insnsi[]; };
struct qstr { union { struct { __u32 hash, len; }; __u64 hash_len; }; const char *name; };
struct page { unsigned long flags; union { struct { unsigned long private; }; }; };
struct inode {
	union { const unsigned int i_nlink; unsigned int __i_nlink; };
	unsigned long i_ino;
};

/* Several types of one name, each private to a source file of the kernel. */
struct elf_note_info { int thread_notes; };
struct getdents_callback { int sequence; };
struct irq_info { unsigned short cpu; };

#pragma clang attribute pop

struct list_head___match { struct list_head *next, *prev; };
struct task_struct___match { pid_t pid, tgid; char comm[16]; const struct cred *cred; };
struct sock_common___match { unsigned int skc_family; };
struct no_such_struct___match { int a; };
enum bpf_link_type___match { BPF_LINK_TYPE_UNSPEC, BPF_LINK_TYPE_TRACING };

enum bpf_map_type { BPF_MAP_TYPE_UNSPEC, BPF_MAP_TYPE_RINGBUF = 2, BPF_MAP_TYPE_ARENA = 9 };
enum cgroup_subsys_id { memory_cgrp_id = 1, no_such_cgrp_id = 2 };
enum bpf_cmd___other { BPF_PROG_LOAD = 77 };
enum hmm_pfn_flags { HMM_PFN_VALID = 1, HMM_PFN_ERROR = 2 };
enum perf_callchain_context { PERF_CONTEXT_HV = 1, PERF_CONTEXT_MAX = 2 };
enum no_such_enum { NO_SUCH_VALUE = 1 };

SEC("raw_tp/sched_process_exec")
int fields(void *ctx)
{
	struct task_struct *task = ctx;

	load(task, pid);
	load(task, tgid);
	load(task, real_parent);
	load(task, children.prev);
	load(task, start_time);
	load(task, comm[3]);
	ask_offset(task, comm);
	ask_size(task, comm);
	ask_size(task, nsproxy);
	ask_exists(task, start_boottime);
	ask_offset(task, ioac.rchar);
	load(task, mm->arg_start);
	load(task, cred->uid.val);
	keep(__builtin_preserve_field_info(task->prio, BPF_FIELD_SIGNED));
	keep(__builtin_preserve_field_info(task->flags, BPF_FIELD_SIGNED));
	ask_bits(task, sched_reset_on_fork);
	ask_bits(task, in_execve);
	ask_bits(task, no_cgroup_migration);
	return 0;
}

SEC("raw_tp/sched_switch")
int flavours(void *ctx)
{
	struct task_struct___old *old = ctx;
	struct task_struct___new *new = ctx;
	struct task_struct___none *none = ctx;

	if (bpf_core_field_exists(old->state))
		load(old, state);
	if (bpf_core_field_exists(new->__state))
		load(new, __state);
	ask_exists(none, no_such_field);
	ask_size(none, no_such_field);
	if (bpf_core_field_exists(none->no_such_struct.deep))
		load(none, no_such_struct.deep);
	return 0;
}

SEC("raw_tp/net_dev_queue")
int network(void *ctx)
{
	struct sk_buff *skb = ctx;
	struct sk_buff___wide *wide = ctx;
	struct sock *sk = ctx;

	load(skb, len);
	load(skb, protocol);
	load(skb, transport_header);
	load(skb, data);
	load(skb, cb[40]);
	ask_bits(skb, pkt_type);
	ask_bits(skb, ignore_df);
	ask_bits(skb, cloned);
	ask_bits(skb, ip_summed);
	load(wide, len);
	ask_exists(wide, protocol);
	load(sk, __sk_common.skc_daddr);
	load(sk, __sk_common.skc_state);
	load(sk, __sk_common.skc_v6_daddr.in6_u.u6_addr32[2]);
	load(sk, sk_rcvbuf);
	ask_bits(sk, sk_type);
	ask_bits(sk, sk_protocol);
	return 0;
}

SEC("raw_tp/sys_enter")
int arrays(void *ctx)
{
	struct linux_dirent64 *entry = ctx;
	struct bpf_prog *prog = ctx;
	struct qstr *name = ctx;
	struct page *page = ctx;
	struct inode *inode = ctx;
	struct task_struct *task = ctx;
	struct elf_note_info *notes = ctx;
	struct getdents_callback *dents = ctx;
	struct irq_info *irq = ctx;

	load(entry, d_name[5]);
	load(entry, d_reclen);
	ask_exists(entry, d_name[7]);
	ask_exists(prog, insnsi[4]);
	ask_bits(prog, gpl_compatible);
	load(name, len);
	load(name, hash_len);
	load(name, name);
	load(page, private);
	load(inode, i_nlink);
	load(inode, i_ino);
	ask_offset(&task[1], pid);
	ask_exists(notes, thread_notes);
	ask_exists(dents, sequence);
	ask_exists(irq, cpu);
	return 0;
}

SEC("raw_tp/sys_exit")
int types(void *ctx)
{
	keep(bpf_core_type_id_local(struct task_struct));
	keep(bpf_core_type_id_kernel(struct task_struct));
	keep(bpf_core_type_id_kernel(kuid_t));
	keep(bpf_core_type_id_kernel(not_in_any_kernel_t));
	keep(bpf_core_type_exists(struct sk_buff));
	keep(bpf_core_type_exists(struct nsproxy));
	keep(bpf_core_type_exists(pid_t));
	keep(bpf_core_type_exists(enum bpf_map_type));
	keep(bpf_core_type_exists(not_in_any_kernel_t));
	keep(bpf_core_type_exists(btf_trace_sched_process_exec));
	keep(bpf_core_type_exists(sys_call_ptr_t_that_is_not));
	keep(bpf_core_type_size(struct task_struct));
	keep(bpf_core_type_size(gfp_t));
	keep(bpf_core_type_size(atomic_t));
	keep(bpf_core_type_size(struct irq_info));
	keep(bpf_core_type_size(struct task_struct___none));
	keep(bpf_core_type_exists(struct list_head___match));
	keep(bpf_core_type_exists(struct task_struct___match));
	keep(bpf_core_type_exists(struct sock_common___match));
	keep(bpf_core_type_exists(struct no_such_struct___match));
	keep(bpf_core_type_exists(enum bpf_link_type___match));
	return 0;
}

SEC("raw_tp/task_rename")
int enumerators(void *ctx)
{
	keep(bpf_core_enum_value_exists(enum bpf_map_type, BPF_MAP_TYPE_RINGBUF));
	keep(bpf_core_enum_value(enum bpf_map_type, BPF_MAP_TYPE_RINGBUF));
	keep(bpf_core_enum_value_exists(enum bpf_map_type, BPF_MAP_TYPE_ARENA));
	keep(bpf_core_enum_value(enum cgroup_subsys_id, memory_cgrp_id));
	keep(bpf_core_enum_value_exists(enum cgroup_subsys_id, no_such_cgrp_id));
	keep(bpf_core_enum_value(enum bpf_cmd___other, BPF_PROG_LOAD));
	keep(bpf_core_enum_value(enum hmm_pfn_flags, HMM_PFN_VALID));
	keep(bpf_core_enum_value(enum perf_callchain_context, PERF_CONTEXT_MAX));
	keep(bpf_core_enum_value_exists(enum no_such_enum, NO_SUCH_VALUE));
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
