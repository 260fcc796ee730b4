/* SPDX-License-Identifier: BSD-2-Clause */
/* Names in a kernel's BTF and in the split BTFs of its modules. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <bpf/btf.h>
#include <cmocka.h>

#include "host/kernel_btf.h"
#include "tests/unit/fake_root.h"

#define FOLDER "sys/kernel/btf/"

static void publish(const struct fake_root *root, const char *path, struct btf *btf)
{
	uint32_t size;
	const void *raw = btf__raw_data(btf, &size);

	fake_root_put(root, path, raw, size);
}

static int add_function(struct btf *btf, const char *name)
{
	int proto = btf__add_func_proto(btf, 0);

	assert_true(proto > 0);
	return btf__add_func(btf, name, BTF_FUNC_STATIC, proto);
}

/* vmlinux with vfs_read twice and a typedef of that name, and a module with nft_do_chain. */
static struct btf *make_kernel(const struct fake_root *root, int *first)
{
	struct btf *kernel = btf__new_empty(), *module;
	int integer;

	integer = btf__add_int(kernel, "int", 4, BTF_INT_SIGNED);
	assert_true(btf__add_typedef(kernel, "vfs_read", integer) > 0);
	*first = add_function(kernel, "vfs_read");
	assert_true(add_function(kernel, "vfs_read") > *first);
	assert_true(btf__add_typedef(kernel, "btf_trace_sched_switch", integer) > 0);
	assert_true(btf__add_var(kernel, "bpf_prog_active", BTF_VAR_GLOBAL_ALLOCATED, integer) > 0);
	publish(root, FOLDER "vmlinux", kernel);
	module = btf__new_empty_split(kernel);
	assert_true(add_function(module, "nft_do_chain") > 0);
	publish(root, FOLDER "nf_tables", module);
	btf__free(module);
	return kernel;
}

static void names(void **state)
{
	struct fake_root root = fake_root_make();
	struct kernel_btf btf;
	struct btf *kernel;
	int first;

	(void)state;
	kernel = make_kernel(&root, &first);
	assert_int_equal(kernel_btf_open(&btf, root.fd, NULL), 0);
	assert_int_equal(kernel_btf_index(&btf, BTF_KIND_FUNC), 0);
	assert_int_equal(kernel_btf_index(&btf, BTF_KIND_TYPEDEF), 0);
	assert_int_equal(kernel_btf_index(&btf, BTF_KIND_VAR), 0);
	assert_int_equal(kernel_btf_find(&btf, BTF_KIND_FUNC, "vfs_read"), first);
	assert_true(kernel_btf_find(&btf, BTF_KIND_TYPEDEF, "btf_trace_sched_switch") > 0);
	assert_true(kernel_btf_find(&btf, BTF_KIND_VAR, "bpf_prog_active") > 0);
	assert_int_equal(kernel_btf_find(&btf, BTF_KIND_FUNC, "btf_trace_sched_switch"), 0);
	assert_int_equal(kernel_btf_find(&btf, BTF_KIND_FUNC, "vfs_rea"), 0);
	assert_int_equal(kernel_btf_find(&btf, BTF_KIND_FUNC, ""), 0);

	assert_int_equal(kernel_btf_find(&btf, BTF_KIND_FUNC, "nft_do_chain"), 0);
	assert_int_equal(kernel_btf_find_in_modules(&btf, root.fd, BTF_KIND_FUNC, "nft_do_chain"), 1);
	assert_int_equal(kernel_btf_find_in_modules(&btf, root.fd, BTF_KIND_VAR, "nft_do_chain"), 0);
	/* What the kernel has is no module's. */
	assert_int_equal(kernel_btf_find_in_modules(&btf, root.fd, BTF_KIND_FUNC, "vfs_read"), 0);
	/* A module that cannot be read may have anything, but not what another one has. */
	fake_root_text(&root, FOLDER "broken", "no BTF");
	assert_true(kernel_btf_find_in_modules(&btf, root.fd, BTF_KIND_FUNC, "no_such") < 0);
	assert_int_equal(kernel_btf_find_in_modules(&btf, root.fd, BTF_KIND_FUNC, "nft_do_chain"), 1);
	kernel_btf_close(&btf);
	btf__free(kernel);
	fake_root_remove(&root);
}

static void unusable(void **state)
{
	struct fake_root root = fake_root_make();
	struct kernel_btf btf;

	(void)state;
	assert_int_equal(kernel_btf_open(&btf, root.fd, NULL), -ENOENT);
	assert_int_equal(kernel_btf_find(&btf, BTF_KIND_FUNC, "vfs_read"), 0);
	kernel_btf_close(&btf);
	fake_root_text(&root, FOLDER "vmlinux", "no BTF, but long enough for its header");
	assert_int_equal(kernel_btf_open(&btf, root.fd, NULL), -EBADMSG);
	assert_int_equal(kernel_btf_find(&btf, BTF_KIND_FUNC, "vfs_read"), 0);
	kernel_btf_close(&btf);
	fake_root_remove(&root);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names),
		cmocka_unit_test(unusable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
