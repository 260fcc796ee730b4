/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Ways to get at a field that kinds.bpf.c does not go: arrays of structs and of arrays, flexible
 * ones among them, anonymous structs and unions three deep, roots that are typedefs or unions.  All
 * are of types that real kernels have, some of which changed shape between 5.10 and 7.x; arrays of
 * arrays are as asked for here in kernel_shapes.c only.
 */
#include "ask.h"

volatile __u64 sink;

#define index __attribute__((preserve_access_index))

typedef struct { int counter; } index atomic_t;
typedef struct kernel_siginfo { int si_signo, si_errno; } index kernel_siginfo_t;
typedef enum { SS_CONNECTED = 77 } socket_state;
typedef struct cpumask { unsigned long bits[1]; } cpumask_var_t[1];
typedef int (*initcall_t)(void);

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct list_head { struct list_head *next, *prev; };
union sigval { int sival_int; void *sival_ptr; };

struct rlimit { __u64 rlim_cur, rlim_max; };
struct signal_struct { struct rlimit rlim[16]; };
struct mem_cgroup_per_node { unsigned long lru_zone_size[4][5]; };

/* upid numbers[1] in 5.10, flexible since 6.4 */
struct upid { int nr; };
struct pid { unsigned int level; struct upid numbers[]; };
struct bpf_prog;
struct bpf_prog_array_item { struct bpf_prog *prog; };
struct bpf_prog_array { struct { void *next; } rcu; struct bpf_prog_array_item items[]; };

/* lru was in a struct in a union; since 5.18 there is another union between */
struct page { union { struct { union { struct list_head lru; }; void *mapping; }; }; };
/* in a union in a struct since 6.6 */
struct sk_buff { union { struct { union { __u16 tc_index, inner_protocol; }; }; }; };

#pragma clang attribute pop

enum perf_event_state { PERF_EVENT_STATE_EXIT = 1, PERF_EVENT_STATE_OFF = 2 };

SEC("raw_tp/sys_enter")
int arrays(void *ctx)
{
	struct signal_struct *signal = ctx;
	struct mem_cgroup_per_node *node = ctx;
	struct pid *pid = ctx;
	struct bpf_prog_array *progs = ctx;

	load(signal, rlim[7].rlim_max);
	ask_exists(signal, rlim[15].rlim_cur);
	ask_size(signal, rlim);
	ask_size(signal, rlim[3]);
	load(node, lru_zone_size[2][3]);
	ask_offset(node, lru_zone_size[1]);
	load(pid, numbers[0].nr);
	load(pid, numbers[2].nr);
	ask_exists(pid, numbers[2].nr);
	ask_offset(pid, numbers);
	load(progs, items[3].prog);
	ask_exists(progs, items[1]);
	return 0;
}

SEC("raw_tp/sys_exit")
int levels(void *ctx)
{
	struct page *page = ctx;
	struct sk_buff *skb = ctx;

	load(page, lru.next);
	ask_offset(page, lru);
	load(page, mapping);
	load(skb, tc_index);
	ask_exists(skb, inner_protocol);
	return 0;
}

SEC("raw_tp/task_rename")
int roots(void *ctx)
{
	atomic_t *atomic = ctx;
	kernel_siginfo_t *info = ctx;
	union sigval *value = ctx;

	load(atomic, counter);
	ask_exists(atomic, counter);
	load(info, si_errno);
	load(value, sival_ptr);
	ask_size(value, sival_int);
	keep(bpf_core_type_exists(union sigval));
	keep(bpf_core_type_size(union sigval));
	keep(bpf_core_type_exists(cpumask_var_t));
	keep(bpf_core_type_size(cpumask_var_t));
	keep(bpf_core_type_exists(initcall_t));
	keep(bpf_core_type_size(initcall_t));
	keep(bpf_core_enum_value(socket_state, SS_CONNECTED));
	keep(bpf_core_enum_value_exists(socket_state, SS_CONNECTED));
	keep(bpf_core_enum_value(enum perf_event_state, PERF_EVENT_STATE_EXIT));
	keep(bpf_core_enum_value(enum perf_event_state, PERF_EVENT_STATE_OFF));
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
