/* SPDX-License-Identifier: BSD-2-Clause */
/* This program stands for one that a uprobe is meant for. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "host/uprobes.h"
#include "tests/unit/fake_root.h"
#include "tests/unit/needs.h"

__attribute__((noinline, used)) int btferry_probe_me(int n);

int btferry_probe_me(int n)
{
	return n + 1;
}

static void must_be(const struct fake_root *root, const char *file, const char *function,
		    enum truth truth, int error)
{
	struct probe found = uprobe_find(root->fd, file, function);

	if (found.truth != truth || found.error != error)
		fail_msg("%s:%s: %d, %s", file, function, found.truth, strerror(found.error));
}

static void functions(void **state)
{
	struct fake_root root = fake_root_make();
	struct buffer own = { 0 };

	(void)state;
	needs_openat2();
	assert_int_equal(file_read(AT_FDCWD, "/proc/self/exe", 64u << 20, &own, NULL), 0);
	fake_root_put(&root, "usr/sbin/daemon", own.data, own.size);
	fake_root_put(&root, "usr/lib/libown.so.1", own.data, own.size);
	fake_root_text(&root, "usr/bin/script", "#!/bin/sh\n");
	unsetenv("LD_LIBRARY_PATH");
	must_be(&root, "/usr/sbin/daemon", "btferry_probe_me", TRUTH_YES, 0);
	must_be(&root, "daemon", "btferry_probe_me", TRUTH_YES, 0);
	must_be(&root, "libown.so.1", "btferry_probe_me", TRUTH_YES, 0);
	must_be(&root, "daemon", "btferry_probe_me+0x4", TRUTH_YES, 0);
	must_be(&root, "daemon", "0x401000", TRUTH_YES, 0);
	must_be(&root, "daemon", "", TRUTH_YES, 0);
	must_be(&root, "daemon", "btferry_probe", TRUTH_NO, ESRCH);
	/* It calls this one, and another file has it. */
	must_be(&root, "daemon", "mkdtemp", TRUTH_NO, ESRCH);
	must_be(&root, "/bin/daemon", "btferry_probe_me", TRUTH_NO, ENOENT);
	must_be(&root, "absent", "btferry_probe_me", TRUTH_NO, ENOENT);
	must_be(&root, "/usr/sbin/daemon/x", "btferry_probe_me", TRUTH_NO, ENOENT);
	must_be(&root, "script", "btferry_probe_me", TRUTH_NO, ENOEXEC);
	buffer_free(&own);
	fake_root_remove(&root);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(functions) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
