/* SPDX-License-Identifier: BSD-2-Clause */
/* Who is blamed for EPERM: what a process lacks, then what is known to be on. */
#include <linux/capability.h>

#include "tests/unit/world.h"

static void tracepoint(struct world *w)
{
	give(w, "tp/sched/sched_switch", ATTACH_TRACEPOINT, BPF_PROG_TYPE_TRACEPOINT);
}

static void no_capabilities(struct world *w)
{
	w->facts.policy.capabilities = known(0);
	block(w, EPERM);
}

static void bpf_alone(struct world *w)
{
	w->facts.policy.capabilities = known(1ll << CAP_BPF);
	block(w, EPERM);
}

static void xdp_without_net_admin(struct world *w)
{
	give(w, "xdp", ATTACH_OTHER, BPF_PROG_TYPE_XDP);
	w->facts.policy.capabilities = known(1ll << CAP_BPF | 1ll << CAP_PERFMON);
	block(w, EPERM);
}

static void old_kernel_without_sys_admin(struct world *w)
{
	strcpy(w->facts.release, "5.4.0-150-generic");
	w->facts.policy.bounding = known((1ll << CAP_PERFMON) - 1); /* all that it knows */
	no_capabilities(w);
}

static void in_user_namespace(struct world *w)
{
	w->facts.policy.initial_user_namespace.truth = TRUTH_NO;
	block(w, EPERM);
}

static void memlock_on_an_old_kernel(struct world *w)
{
	w->evidence.memcg = probe_no(EINVAL);
	w->facts.policy.memlock = known(65536);
	w->facts.policy.capabilities = known(1ll << CAP_BPF | 1ll << CAP_PERFMON);
	block(w, EPERM);
}

static void filtered(struct world *w)
{
	w->facts.policy.seccomp = known(2);
	block(w, ENOSYS);
}

static void locked_down(struct world *w)
{
	w->facts.policy.lockdown = LOCKDOWN_CONFIDENTIALITY;
	block(w, EPERM);
}

static void security_module(struct world *w)
{
	block(w, EPERM);
}

static void tracefs_closed(struct world *w)
{
	tracepoint(w);
	w->facts.policy.uid = known(1000);
	w->facts.policy.capabilities = known(1ll << CAP_BPF | 1ll << CAP_PERFMON);
	w->evidence.programs[0].place = probe_unknown(EACCES);
}

static void paranoid(struct world *w)
{
	tracepoint(w);
	w->facts.policy.capabilities = known(1ll << CAP_BPF);
	w->facts.policy.perf_event_paranoid = known(3);
	w->evidence.perf_event = probe_unknown(EACCES);
}

static void uprobe_without_sys_admin(struct world *w)
{
	give(w, "uprobe/bash:readline", ATTACH_UPROBE, BPF_PROG_TYPE_KPROBE);
	w->facts.policy.capabilities = known(1ll << CAP_BPF | 1ll << CAP_PERFMON);
	w->evidence.uprobe_event = probe_unknown(EACCES);
}

static const struct level_case CASES[] = {
	CASE(no_capabilities, LEVEL_LOADS, ANSWER_BLOCKED, CLASS_CAPABILITY,
	     "lacks CAP_BPF and CAP_PERFMON", "AmbientCapabilities=CAP_BPF CAP_PERFMON"),
	CASE(bpf_alone, LEVEL_LOADS, ANSWER_BLOCKED, CLASS_CAPABILITY, "lacks CAP_PERFMON", "root"),
	CASE(xdp_without_net_admin, LEVEL_LOADS, ANSWER_BLOCKED, CLASS_CAPABILITY,
	     "lacks CAP_NET_ADMIN", "CAP_NET_ADMIN"),
	CASE(old_kernel_without_sys_admin, LEVEL_LOADS, ANSWER_BLOCKED, CLASS_CAPABILITY,
	     "lacks CAP_SYS_ADMIN", "root"),
	CASE(in_user_namespace, LEVEL_LOADS, ANSWER_BLOCKED, CLASS_CAPABILITY, "user namespace",
	     "outside"),
	CASE(memlock_on_an_old_kernel, LEVEL_LOADS, ANSWER_BLOCKED, CLASS_CAPABILITY,
	     "RLIMIT_MEMLOCK, which is 65536", "LimitMEMLOCK=infinity"),
	CASE(filtered, LEVEL_LOADS, ANSWER_BLOCKED, CLASS_POLICY, "seccomp filter", "profile"),
	CASE(locked_down, LEVEL_LOADS, ANSWER_BLOCKED, CLASS_POLICY, "confidentiality", "integrity"),
	CASE(security_module, LEVEL_LOADS, ANSWER_BLOCKED, CLASS_POLICY, "security module (bpf)",
	     "policy"),
	CASE(tracefs_closed, LEVEL_ATTACHES, ANSWER_BLOCKED, CLASS_CAPABILITY, "CAP_DAC_READ_SEARCH",
	     "root"),
	CASE(paranoid, LEVEL_ATTACHES, ANSWER_BLOCKED, CLASS_POLICY, "perf_event_paranoid is 3",
	     "sysctl"),
	CASE(uprobe_without_sys_admin, LEVEL_ATTACHES, ANSWER_BLOCKED, CLASS_CAPABILITY,
	     "CAP_SYS_ADMIN", "root"),
};

static void cases(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++)
		check_case(&CASES[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cases),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
