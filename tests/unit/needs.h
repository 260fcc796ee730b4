/* SPDX-License-Identifier: BSD-2-Clause */
/* System calls that a test cannot do without, and that an old kernel or an emulator lacks. */
#ifndef TESTS_UNIT_NEEDS_H
#define TESTS_UNIT_NEEDS_H

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cmocka.h>

static inline void needs_call(long number, const char *name, const char *why)
{
	if (syscall(number, -1, NULL, NULL, 0) >= 0 || errno != ENOSYS)
		return;
	print_message("%s is not here: %s\n", name, why);
	skip();
}

static inline void needs_openat2(void)
{
	needs_call(SYS_openat2, "openat2(2)", "links are not held below a root");
}

static inline void needs_bpf(void)
{
	needs_call(SYS_bpf, "bpf(2)", "nothing can be loaded");
}

#endif
