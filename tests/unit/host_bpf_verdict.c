/* SPDX-License-Identifier: BSD-2-Clause */
/* What kernels said of a call, word for word, and what it means. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "host/bpf_verdict.h"

static const struct {
	const char *kernel;
	int error;
	const char *log;
	struct probe verdict;
} LOGS[] = {
	/* A helper that this type of program does not have. */
	{ "5.10", EINVAL,
	  "0: (85) call bpf_xdp_adjust_head#44\nunknown func bpf_xdp_adjust_head#44\n"
	  "processed 1 insns (limit 1000000) max_states_per_insn 0 total_states 0\n",
	  { TRUTH_NO, EINVAL } },
	{ "6.1", EINVAL,
	  "0: R1=ctx(off=0,imm=0) R10=fp0\n0: (85) call bpf_xdp_adjust_head#44\n"
	  "unknown func bpf_xdp_adjust_head#44\n", { TRUTH_NO, EINVAL } },
	{ "6.12", EINVAL,
	  "0: R1=ctx() R10=fp0\n0: (85) call bpf_xdp_adjust_head#44\n"
	  "program of this type cannot use helper bpf_xdp_adjust_head#44\n",
	  { TRUTH_NO, EINVAL } },
	{ "6.18, not for tracepoints", KERNEL_ENOTSUPP,
	  "0: R1=ctx() R10=fp0\n0: (85) call bpf_get_func_ip#173\n"
	  "func bpf_get_func_ip#173 not supported for program type 5\n", { TRUTH_NO, EINVAL } },
	{ "6.18, sleeps", EINVAL,
	  "0: R1=ctx() R10=fp0\n0: (85) call bpf_copy_from_user#148\n"
	  "helper call might sleep in a non-sleepable prog\n", { TRUTH_NO, EINVAL } },
	{ "6.1, not for this function", EINVAL,
	  "0: R1=ctx(off=0,imm=0) R10=fp0\n0: (85) call bpf_d_path#147\n"
	  "helper call is not allowed in probe\n", { TRUTH_NO, EINVAL } },
	/* One that no program of this kernel has. */
	{ "5.10", EINVAL, "0: (85) call unknown#500\ninvalid func unknown#500\n",
	  { TRUTH_NO, EINVAL } },
	{ "4.9", EINVAL, "0: (85) call 500\ninvalid func 500\n", { TRUTH_NO, EINVAL } },
	{ "4.9", EINVAL, "0: (85) call 44\nunknown func 44\n", { TRUTH_NO, EINVAL } },
	/* One that is for programs under the GPL. */
	{ "6.18", EINVAL,
	  "0: R1=ctx() R10=fp0\n0: (85) call bpf_probe_read_kernel#113\n"
	  "cannot call GPL-restricted function from non-GPL compatible program\n",
	  { TRUTH_NO, EACCES } },
	{ "4.18", EINVAL,
	  "0: (85) call bpf_probe_read#4\n"
	  "cannot call GPL only function from proprietary program\n", { TRUTH_NO, EACCES } },
	/* One that is there, and whose arguments are missing. */
	{ "5.10", EACCES,
	  "0: (85) call bpf_map_lookup_elem#1\nR1 type=ctx expected=map_ptr\n", { TRUTH_YES, 0 } },
	{ "6.18", EACCES, "0: R1=ctx() R10=fp0\n0: (85) call bpf_probe_read_kernel#113\n"
	  "R2 !read_ok\n", { TRUTH_YES, 0 } },
	{ "any", 0, "processed 3 insns (limit 1000000)\n", { TRUTH_YES, 0 } },
	/* Kernel functions. */
	{ "6.18", EACCES,
	  "0: R1=ctx() R10=fp0\n0: (85) call bpf_dynptr_from_skb#47551\n"
	  "calling kernel function bpf_dynptr_from_skb is not allowed\n", { TRUTH_NO, EINVAL } },
	{ "6.12", EACCES,
	  "program must be sleepable to call sleepable kfunc bpf_copy_from_user_str\n",
	  { TRUTH_NO, EINVAL } },
	/* Nothing is said of the call: the registers before it are no arguments. */
	{ "a policy", EPERM, "", { TRUTH_UNKNOWN, EPERM } },
	{ "no such type", EINVAL, "", { TRUTH_UNKNOWN, EINVAL } },
	{ "before the call", EINVAL, "func#0 @0\n0: R1 type=ctx R10=fp0\n",
	  { TRUTH_UNKNOWN, EINVAL } },
	{ "words of a later kernel", EINVAL,
	  "0: R1=ctx() R10=fp0\n0: (85) call bpf_xdp_adjust_head#44\nhelper 44 is off limits\n",
	  { TRUTH_UNKNOWN, EINVAL } },
};

static void words(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(LOGS) / sizeof(LOGS[0]); i++) {
		struct probe verdict = bpf_call_verdict(LOGS[i].error, LOGS[i].log);

		if (verdict.truth != LOGS[i].verdict.truth ||
		    verdict.error != LOGS[i].verdict.error)
			fail_msg("%s: %s gives %d, %d", LOGS[i].kernel, LOGS[i].log, verdict.truth,
				 verdict.error);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(words) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
