/* SPDX-License-Identifier: BSD-2-Clause */
/* Policies of hosts that are made up; tests/hosts has whole ones. */
#include <errno.h>
#include <linux/capability.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "host/policy.h"
#include "tests/unit/fake_root.h"

static struct policy read_policy(const struct fake_root *root)
{
	struct policy policy;

	policy_read(root->fd, "6.1.0", false, &policy);
	return policy;
}

/* Where nothing is mounted, nothing is known; nothing is taken for absent or for zero. */
static void nothing_mounted(void **state)
{
	struct fake_root root = fake_root_make();
	struct policy policy = read_policy(&root);

	(void)state;
	assert_int_equal(policy.uid.known.truth, TRUTH_UNKNOWN);
	assert_int_equal(policy.seccomp.known.truth, TRUTH_UNKNOWN);
	assert_int_equal(policy.seccomp.known.error, ENOENT);
	assert_int_equal(policy.lockdown, LOCKDOWN_UNKNOWN);
	assert_int_equal(policy.lockdown_error, ENOENT);
	assert_int_equal(policy_lsm(&policy, "bpf").truth, TRUTH_UNKNOWN);
	assert_int_equal(policy.perf_event_paranoid.known.truth, TRUTH_UNKNOWN);
	assert_int_equal(policy.kprobe_pmu.known.truth, TRUTH_UNKNOWN);
	assert_int_equal(policy.initial_user_namespace.truth, TRUTH_UNKNOWN);
	assert_int_equal(policy.container.truth, TRUTH_UNKNOWN);
	assert_int_equal(policy_capability(&policy, CAP_SYS_ADMIN).truth, TRUTH_UNKNOWN);
	fake_root_remove(&root);
}

static void settings(void **state)
{
	struct fake_root root = fake_root_make();
	struct policy policy;

	(void)state;
	fake_root_text(&root, "proc/sys/kernel/perf_event_paranoid", "-1\n");
	fake_root_text(&root, "proc/sys/kernel/kptr_restrict", "\n");
	fake_root_text(&root, "sys/bus/event_source/devices/software/type", "1\n");
	policy = read_policy(&root);
	assert_int_equal(policy.perf_event_paranoid.known.truth, TRUTH_YES);
	assert_int_equal(policy.perf_event_paranoid.value, -1);
	/* There is none in this kernel, and there is one that says nothing. */
	assert_int_equal(policy.ftrace.known.truth, TRUTH_NO);
	assert_int_equal(policy.kptr_restrict.known.truth, TRUTH_UNKNOWN);
	assert_int_equal(policy.kptr_restrict.known.error, EBADMSG);
	assert_int_equal(policy.jit.known.truth, TRUTH_UNKNOWN);
	assert_int_equal(policy.kprobe_pmu.known.truth, TRUTH_NO);
	fake_root_remove(&root);
}

static void process(void **state)
{
	struct fake_root root = fake_root_make();
	struct policy policy;

	(void)state;
	fake_root_text(&root, "proc/self/status",
		       "Name:\tcheck\nUid:\t0\t1000\t0\t0\nCapEff:\tffffffffffffffff\n"
		       "CapBnd:\t0000008000000000\nNoNewPrivs:\t1\n");
	fake_root_text(&root, "proc/self/limits",
		       "Limit                     Soft Limit           Hard Limit           Units\n"
		       "Max locked memory         65536                unlimited            bytes\n");
	policy = read_policy(&root);
	assert_int_equal(policy.uid.value, 1000);
	assert_int_equal(policy.no_new_privileges.value, 1);
	/* A kernel without seccomp has no such line. */
	assert_int_equal(policy.seccomp.known.truth, TRUTH_NO);
	assert_int_equal(policy_capability(&policy, CAP_CHECKPOINT_RESTORE).truth, TRUTH_YES);
	assert_int_equal(policy_bounding(&policy, CAP_BPF).truth, TRUTH_YES);
	assert_int_equal(policy_bounding(&policy, CAP_PERFMON).truth, TRUTH_NO);
	assert_int_equal(policy.memlock.value, 65536);

	fake_root_text(&root, "proc/self/limits",
		       "Max locked memory         unlimited            unlimited            bytes\n");
	fake_root_text(&root, "proc/self/status", "Uid:\t7\nCapEff:\tnone\n");
	policy = read_policy(&root);
	assert_int_equal(policy.memlock.value, POLICY_UNLIMITED);
	assert_int_equal(policy.uid.known.truth, TRUTH_UNKNOWN);
	assert_int_equal(policy.capabilities.known.truth, TRUTH_UNKNOWN);
	assert_int_equal(policy.capabilities.known.error, EBADMSG);
	fake_root_remove(&root);
}

static void security_modules(void **state)
{
	struct fake_root root = fake_root_make();
	struct policy policy;

	(void)state;
	fake_root_text(&root, "sys/kernel/security/lsm", "capability,xbpf,bpfx,yama\n");
	policy = read_policy(&root);
	assert_int_equal(policy_lsm(&policy, "bpf").truth, TRUTH_NO);
	assert_int_equal(policy_lsm(&policy, "yama").truth, TRUTH_YES);
	assert_int_equal(policy.lockdown, LOCKDOWN_NONE);
	fake_root_text(&root, "sys/kernel/security/lsm", "bpf");
	policy = read_policy(&root);
	assert_int_equal(policy_lsm(&policy, "bpf").truth, TRUTH_YES);
	assert_int_equal(policy_lsm(&policy, "bp").truth, TRUTH_NO);
	fake_root_remove(&root);
}

/* "No such system call" of a filter is no word of the kernel. */
static void filtered(void **state)
{
	struct policy policy = { .seccomp = { probe_yes(), 2 } };

	(void)state;
	assert_int_equal(policy_doubt(&policy, probe_no(ENOSYS)).truth, TRUTH_UNKNOWN);
	assert_int_equal(policy_doubt(&policy, probe_no(ENOSYS)).error, ENOSYS);
	assert_int_equal(policy_doubt(&policy, probe_no(EINVAL)).truth, TRUTH_NO);
	policy.seccomp.value = 0;
	assert_int_equal(policy_doubt(&policy, probe_no(ENOSYS)).truth, TRUTH_NO);
}

/* What an image left in a root file system makes no container of a machine. */
static void container_signs(void **state)
{
	static const struct {
		const char *mounts, *processes;
		enum truth container;
	} CASES[] = {
		{ "mnt:[4026531832]", "pid:[4026531836]", TRUTH_NO },
		{ "mnt:[4026531840]", "pid:[4026531836]", TRUTH_NO },
		{ "mnt:[4026531841]", "pid:[4026531836]", TRUTH_NO },
		{ "mnt:[4026532259]", "pid:[4026531836]", TRUTH_YES },
		{ "mnt:[4026532259]", "pid:[4026532262]", TRUTH_YES },
	};
	struct fake_root root = fake_root_make();
	struct policy policy;
	size_t i;

	(void)state;
	fake_root_text(&root, ".dockerenv", "");
	for (i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		fake_root_link(&root, "proc/self/ns/mnt", CASES[i].mounts);
		fake_root_link(&root, "proc/self/ns/pid", CASES[i].processes);
		policy = read_policy(&root);
		assert_int_equal(policy.container.truth, CASES[i].container);
		assert_string_equal(policy.container_kind,
				    CASES[i].container == TRUTH_YES ? "docker" : "");
	}
	/* Without any sign, processes of one's own are one. */
	assert_int_equal(unlinkat(root.fd, ".dockerenv", 0), 0);
	policy = read_policy(&root);
	assert_int_equal(policy.container.truth, TRUTH_YES);
	assert_string_equal(policy.container_kind, "");
	fake_root_link(&root, "proc/self/ns/pid", "pid:[4026531836]");
	assert_int_equal(read_policy(&root).container.truth, TRUTH_NO);
	fake_root_remove(&root);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_mounted),
		cmocka_unit_test(settings),
		cmocka_unit_test(process),
		cmocka_unit_test(security_modules),
		cmocka_unit_test(filtered),
		cmocka_unit_test(container_signs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
