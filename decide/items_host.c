/* SPDX-License-Identifier: BSD-2-Clause */
/* What of the process and the kernel stands between an object and bpf(2). */
#include <linux/capability.h>

#include "decide/blocked.h"
#include "decide/items_parts.h"

void item_bpf(const struct evidence *e, struct finding *out)
{
	struct probe bpf = e->facts->bpf_syscall;

	if (bpf.truth == TRUTH_YES)
		item_pass(out, "bpf(2) works");
	else if (bpf.truth == TRUTH_NO) {
		finding_set(out, ANSWER_NO, CLASS_PROGRAM_TYPE, "this kernel has no bpf(2)");
		finding_advise(out, "Boot a kernel that was built with CONFIG_BPF_SYSCALL=y.");
	} else if (bpf.error)
		blocked_by(e, NULL, OPERATION_LOAD, bpf.error, out);
	else
		finding_set(out, ANSWER_UNKNOWN, CLASS_UNKNOWN, "bpf(2) was not called");
}

void item_selftest(const struct evidence *e, struct finding *out)
{
	if (item_has_loaded(e) && e->selftest.truth == TRUTH_UNKNOWN)
		return; /* nothing depends on it */
	if (e->selftest.truth == TRUTH_YES)
		item_pass(out, "what the verifier says of helpers is understood");
	else if (e->selftest.truth == TRUTH_NO)
		finding_set(out, ANSWER_UNKNOWN, CLASS_UNKNOWN, "what the verifier of this kernel says of "
			    "helpers is not understood: answers about them are unknown");
	else
		finding_set(out, ANSWER_UNKNOWN, CLASS_UNKNOWN, "the verifier could not be asked");
	out->error = e->selftest.error;
}

void item_capabilities(const struct evidence *e, struct finding *out)
{
	char missing[MISSING_CAPABILITIES_SIZE];
	const char *program = NULL;
	size_t i;

	missing[0] = '\0';
	for (i = 0; i < e->needs->program_count && !missing[0]; i++) {
		if (!item_is_on(e, i))
			continue;
		missing_capabilities(e->facts, &e->needs->programs[i], missing);
		program = e->needs->programs[i].name;
	}
	if (e->facts->policy.capabilities.known.truth != TRUTH_YES) {
		finding_set(out, ANSWER_UNKNOWN, CLASS_UNKNOWN, "whose process it will be is not known");
	} else if (missing[0]) {
		/* Where it loads all the same, nothing lacks. */
		finding_set(out, item_has_loaded(e) ? ANSWER_YES : ANSWER_BLOCKED,
			    item_has_loaded(e) ? CLASS_NONE : CLASS_CAPABILITY,
			    "this process lacks %s, which program %s takes", missing, program);
		if (!item_has_loaded(e))
			advise_capabilities(e->facts, missing, out);
	} else {
		item_pass(out, "nothing is missing");
	}
}

void item_unprivileged(const struct evidence *e, struct finding *out)
{
	const struct setting *setting = &e->facts->policy.unprivileged_bpf_disabled;

	if (policy_capability(&e->facts->policy, CAP_SYS_ADMIN).truth != TRUTH_NO ||
	    policy_capability(&e->facts->policy, CAP_BPF).truth != TRUTH_NO)
		return;
	if (setting->known.truth != TRUTH_YES)
		finding_set(out, ANSWER_UNKNOWN, CLASS_UNKNOWN,
			    "kernel.unprivileged_bpf_disabled cannot be read");
	else if (setting->value == 0)
		item_pass(out, "unprivileged programs are allowed: socket filters and cgroup_skb");
	else
		finding_set(out, item_has_loaded(e) ? ANSWER_YES : ANSWER_BLOCKED, CLASS_CAPABILITY,
			    "kernel.unprivileged_bpf_disabled is %lld: bpf(2) is for privileged processes "
			    "only%s", (long long)setting->value,
			    setting->value == 1 ? ", until the next boot" : "");
}

/* Programs that attach by perf_event_open(2). */
static bool uses_perf(const struct evidence *e)
{
	size_t i;

	for (i = 0; i < e->needs->program_count; i++)
		switch (e->needs->programs[i].attach) {
		case ATTACH_TRACEPOINT:
		case ATTACH_KPROBE:
		case ATTACH_KSYSCALL:
		case ATTACH_UPROBE:
		case ATTACH_USDT:
			if (item_is_on(e, i))
				return true;
			break;
		default:
			break;
		}
	return false;
}

void item_paranoid(const struct evidence *e, struct finding *out)
{
	const struct setting *paranoid = &e->facts->policy.perf_event_paranoid;

	if (!uses_perf(e))
		return;
	if (e->perf_event.truth == TRUTH_YES)
		item_pass(out, "perf_event_open(2) works");
	else if (e->perf_event.error)
		blocked_by(e, NULL, OPERATION_PERF_EVENT, e->perf_event.error, out);
	else
		finding_set(out, ANSWER_UNKNOWN, CLASS_UNKNOWN,
			    paranoid->known.truth == TRUTH_YES ?
			    "perf_event_open(2) was not called; kernel.perf_event_paranoid is %lld" :
			    "perf_event_open(2) was not called", (long long)paranoid->value);
}

void item_memlock(const struct evidence *e, struct finding *out)
{
	const struct setting *limit = &e->facts->policy.memlock;

	if (e->memcg.truth != TRUTH_NO)
		return; /* the limit does not count, or nothing asked for it */
	if (limit->known.truth == TRUTH_YES && limit->value != POLICY_UNLIMITED &&
	    policy_capability(&e->facts->policy, CAP_SYS_RESOURCE).truth == TRUTH_NO) {
		finding_set(out, item_has_loaded(e) ? ANSWER_YES : ANSWER_BLOCKED, CLASS_CAPABILITY,
			    "this kernel counts BPF's memory against RLIMIT_MEMLOCK, which is %lld bytes, "
			    "and this process may not raise it", (long long)limit->value);
		finding_advise(out, "LimitMEMLOCK=infinity for the service, or `ulimit -l unlimited`.");
	} else {
		item_pass(out, "RLIMIT_MEMLOCK counts, and is raised when the object is loaded");
	}
}

void item_seccomp(const struct evidence *e, struct finding *out)
{
	const struct setting *seccomp = &e->facts->policy.seccomp;

	if (seccomp->known.truth != TRUTH_YES)
		finding_set(out, ANSWER_UNKNOWN, CLASS_UNKNOWN, "whether a filter is on is not known");
	else if (seccomp->value == 0)
		item_pass(out, "no filter is on");
	else if (item_has_loaded(e))
		item_pass(out, "a filter is on, and lets bpf(2) pass");
	else
		finding_set(out, ANSWER_UNKNOWN, CLASS_POLICY, "a filter is on");
}

void item_lockdown(const struct evidence *e, struct finding *out)
{
	enum lockdown lockdown = e->facts->policy.lockdown;

	out->error = e->facts->policy.lockdown_error;
	if (lockdown == LOCKDOWN_UNKNOWN) {
		finding_set(out, ANSWER_UNKNOWN, CLASS_UNKNOWN, "the mode is not known");
	} else if (lockdown == LOCKDOWN_CONFIDENTIALITY && !item_has_loaded(e)) {
		finding_set(out, ANSWER_BLOCKED, CLASS_POLICY, "lockdown is in confidentiality mode: "
			    "programs may not read kernel memory, and tracefs is empty");
		finding_advise(out, "Boot with lockdown=integrity; Secure Boot can stay on.");
	} else {
		finding_set(out, ANSWER_YES, CLASS_NONE, "the mode is %s", lockdown_name(lockdown));
	}
}

void item_lsm(const struct evidence *e, struct finding *out)
{
	struct probe active = policy_lsm(&e->facts->policy, "bpf");

	if (!item_attaches_by(e, ATTACH_LSM))
		return;
	if (active.truth == TRUTH_YES) {
		item_pass(out, "the security module `bpf` is active");
	} else if (active.truth == TRUTH_NO) {
		finding_set(out, ANSWER_NO, CLASS_POLICY, "the security module `bpf` is not active: %s "
			    "are, and hooks would attach and never fire", e->facts->policy.lsms);
		finding_advise(out, "Boot with lsm=%s,bpf on the kernel's command line.",
			       e->facts->policy.lsms);
	} else {
		finding_set(out, ANSWER_UNKNOWN, CLASS_UNKNOWN,
			    "which security modules are active is not known");
		out->error = active.error;
	}
}
