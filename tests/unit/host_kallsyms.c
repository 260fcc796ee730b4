/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "host/kallsyms.h"
#include "tests/unit/fake_root.h"

#define FILTER "sys/kernel/tracing/available_filter_functions"
#define BLACKLIST "sys/kernel/debug/kprobes/blacklist"

static const char KALLSYMS[] =
	"0000000000000000 A fixed_percpu_data\n"
	"ffffffff81000000 T _text\n"
	"ffffffff812a0b20 T vfs_read\n"
	"ffffffff812a0c40 t vfs_readv\n"
	"ffffffff812a1000 t do_accept.isra.0\n"
	"ffffffff812a1100 t do_accept.constprop.0\n"
	"ffffffff812a1200 t do_accept.cold\n"
	"ffffffff812a1300 t twice\n"
	"ffffffff812a1400 t twice\n"
	"ffffffff812a1500 T forbidden\n"
	"ffffffff82a0f000 D jiffies_64\n"
	"ffffffff82a0f008 d do_accept.data\n"
	"ffffffffc0a0b000 t nft_do_chain\t[nf_tables]\n"
	"ffffffffc0b00000 t bpf_prog_6deef7357e7b4530_x\t[bpf]\n"
	"ffffffff812a1600 t last";

enum { READ, READV, ACCEPT, TWICE, FORBIDDEN, DATA, MODULE, ABSENT, PREFIX, LAST, PERCPU, COUNT };

/* Out of order, so that nothing rests on it. */
static const char *const NAMES[COUNT] = {
	[READ] = "vfs_read", [READV] = "vfs_readv", [ACCEPT] = "do_accept", [TWICE] = "twice",
	[FORBIDDEN] = "forbidden", [DATA] = "jiffies_64", [MODULE] = "nft_do_chain",
	[ABSENT] = "no_such", [PREFIX] = "vfs_rea", [LAST] = "last", [PERCPU] = "fixed_percpu_data",
};

struct found {
	struct symbol symbols[COUNT];
};

static struct found find(const struct fake_root *root, int tracefs, int debugfs)
{
	struct found found = { .symbols = { { .count = 0 } } };
	size_t i;

	for (i = 0; i < COUNT; i++)
		found.symbols[i].name = NAMES[i];
	kallsyms_find(root->fd, tracefs, debugfs, found.symbols, COUNT);
	for (i = 0; i < COUNT; i++)
		assert_string_equal(found.symbols[i].name, NAMES[i]);
	return found;
}

static int folder(const struct fake_root *root, const char *path)
{
	int fd = openat(root->fd, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	assert_true(fd >= 0);
	return fd;
}

static void all_lists(void **state)
{
	struct fake_root root = fake_root_make();
	struct found found;
	int tracefs, debugfs;

	(void)state;
	fake_root_text(&root, "proc/kallsyms", KALLSYMS);
	fake_root_text(&root, FILTER, "vfs_read\nforbidden\nnft_do_chain [nf_tables]\n");
	fake_root_text(&root, BLACKLIST,
		       "0xffffffff812a1500-0xffffffff812a1530\tforbidden\n"
		       "0xffffffff81000000-0xffffffff81000200\t_text\n");
	tracefs = folder(&root, "sys/kernel/tracing");
	debugfs = folder(&root, "sys/kernel/debug");
	found = find(&root, tracefs, debugfs);

	assert_int_equal(found.symbols[READ].found.truth, TRUTH_YES);
	assert_int_equal(found.symbols[READ].type, 'T');
	assert_int_equal(found.symbols[READ].count, 1);
	assert_false(found.symbols[READ].hidden);
	assert_int_equal(found.symbols[READ].traceable.truth, TRUTH_YES);
	assert_int_equal(found.symbols[READ].blacklisted.truth, TRUTH_NO);
	assert_int_equal(found.symbols[READV].traceable.truth, TRUTH_NO);

	assert_int_equal(found.symbols[ACCEPT].found.truth, TRUTH_NO);
	assert_string_equal(found.symbols[ACCEPT].near, "do_accept.isra.0, do_accept.constprop.0");
	assert_int_equal(found.symbols[TWICE].count, 2);
	assert_int_equal(found.symbols[FORBIDDEN].traceable.truth, TRUTH_YES);
	assert_int_equal(found.symbols[FORBIDDEN].blacklisted.truth, TRUTH_YES);

	assert_int_equal(found.symbols[DATA].found.truth, TRUTH_YES);
	assert_false(symbol_is_function(&found.symbols[DATA]));
	assert_int_equal(found.symbols[DATA].traceable.truth, TRUTH_UNKNOWN);
	assert_string_equal(found.symbols[MODULE].module, "nf_tables");
	assert_int_equal(found.symbols[MODULE].traceable.truth, TRUTH_YES);
	assert_int_equal(found.symbols[ABSENT].found.truth, TRUTH_NO);
	assert_string_equal(found.symbols[ABSENT].near, "");
	assert_int_equal(found.symbols[PREFIX].found.truth, TRUTH_NO);
	/* A percpu variable really is at 0. */
	assert_int_equal(found.symbols[PERCPU].found.truth, TRUTH_YES);
	/* A line without an end is one that was cut off. */
	assert_int_equal(found.symbols[LAST].found.truth, TRUTH_NO);
	close(tracefs);
	close(debugfs);
	fake_root_remove(&root);
}

/* kernel.kptr_restrict: the names are there, the addresses are not. */
static void hidden_addresses(void **state)
{
	struct fake_root root = fake_root_make();
	struct found found;

	(void)state;
	fake_root_text(&root, "proc/kallsyms",
		       "0000000000000000 T vfs_read\n0000000000000000 t vfs_readv\n");
	found = find(&root, -EACCES, -EPERM);
	assert_int_equal(found.symbols[READ].found.truth, TRUTH_YES);
	assert_true(found.symbols[READ].hidden);
	assert_int_equal(found.symbols[READ].traceable.truth, TRUTH_UNKNOWN);
	assert_int_equal(found.symbols[READ].traceable.error, EACCES);
	assert_int_equal(found.symbols[READ].blacklisted.truth, TRUTH_UNKNOWN);
	assert_int_equal(found.symbols[READ].blacklisted.error, EPERM);
	fake_root_remove(&root);
}

static void no_list(void **state)
{
	struct fake_root root = fake_root_make();
	struct found found = find(&root, -ENODEV, -ENODEV);
	size_t i;

	(void)state;
	for (i = 0; i < COUNT; i++) {
		assert_int_equal(found.symbols[i].found.truth, TRUTH_UNKNOWN);
		assert_int_equal(found.symbols[i].found.error, ENOENT);
	}
	fake_root_remove(&root);
}

/* More than one piece, whose ends lie within lines; near names as many as there is room for. */
static void long_list(void **state)
{
	struct fake_root root = fake_root_make();
	struct buffer text = { 0 };
	struct found found;
	char line[64];
	size_t i;

	(void)state;
	for (i = 0; i < 5000; i++) {
		snprintf(line, sizeof(line), "ffffffff81%06zx t %s%zu\n", i,
			 i % 100 ? "filler" : "do_accept.part.", i);
		assert_int_equal(buffer_append(&text, line, strlen(line)), 0);
	}
	snprintf(line, sizeof(line), "ffffffff82000000 t vfs_read\n");
	assert_int_equal(buffer_append(&text, line, strlen(line)), 0);
	fake_root_put(&root, "proc/kallsyms", text.data, text.size);
	found = find(&root, -ENODEV, -ENODEV);
	assert_int_equal(found.symbols[READ].found.truth, TRUTH_YES);
	assert_int_equal(strncmp(found.symbols[ACCEPT].near, "do_accept.part.0, do_accept.part.100,",
				 37), 0);
	assert_true(strlen(found.symbols[ACCEPT].near) < sizeof(found.symbols[ACCEPT].near));
	buffer_free(&text);
	fake_root_remove(&root);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_lists),
		cmocka_unit_test(hidden_addresses),
		cmocka_unit_test(no_list),
		cmocka_unit_test(long_list),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
