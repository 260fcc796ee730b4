/* SPDX-License-Identifier: BSD-2-Clause */
/* Compilers as distributions install them; programs that do nothing stand for them. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "builder/toolchain.h"

#include "tests/unit/folder.h"

static void make(const char *names)
{
	run("mkdir -p bin llvm/bin && cp /bin/true program && for name in %s; do cp program $name; done",
	    names);
}

static void expect(const char *named, const char *clang, const char *opt, const char *llc)
{
	struct error err = ERROR_NONE;
	struct toolchain found;

	if (toolchain_find(path_of(named), &found, &err))
		fail_msg("%s", err.text);
	assert_string_equal(found.clang, path_of(clang));
	assert_string_equal(found.opt, path_of(opt));
	assert_string_equal(found.llc, path_of(llc));
}

static void expect_error(const char *named, const char *word)
{
	struct error err = ERROR_NONE;
	struct toolchain found;

	assert_int_equal(toolchain_find(path_of(named), &found, &err), -ENOENT);
	if (!strstr(err.text, word))
		fail_msg("%s", err.text);
}

/* Debian: all of a version in one folder, which a link leads to. */
static void in_one_folder(void **state)
{
	(void)state;
	make("llvm/bin/clang llvm/bin/opt llvm/bin/llc bin/opt bin/llc");
	run("ln -s ../llvm/bin/clang bin/clang-99");
	expect("bin/clang-99", "llvm/bin/clang", "llvm/bin/opt", "llvm/bin/llc");
}

/* Where versions share a folder, the suffix tells them apart. */
static void by_suffix(void **state)
{
	(void)state;
	make("bin/clang-98 bin/opt-98 bin/llc-98 bin/opt-97 bin/llc-97");
	run("ln -s clang-98 bin/clang");
	expect("bin/clang-98", "bin/clang-98", "bin/opt-98", "bin/llc-98");
	expect("bin/clang", "bin/clang-98", "bin/opt-98", "bin/llc-98");
}

/* Those of another version are none. */
static void without_its_kin(void **state)
{
	(void)state;
	make("bin/clang-98 bin/opt-97 bin/llc-97");
	expect_error("bin/clang-98", "llc, which belongs to ");
	make("bin/llc-98");
	expect_error("bin/clang-98", "opt, which belongs to ");
	make("bin/opt-98");
	expect("bin/clang-98", "bin/clang-98", "bin/opt-98", "bin/llc-98");
	run("chmod -x bin/opt-98");
	expect_error("bin/clang-98", "is not installed (the package is named llvm)");
}

static void that_is_none(void **state)
{
	(void)state;
	make("bin/clang-98");
	expect_error("bin/none", "none: No such file");
	expect_error("bin", "bin: is no program");
	run("chmod -x bin/clang-98");
	expect_error("bin/clang-98", "clang-98: is no program");
}

/* Those of this machine, where it has them: of one version. */
static void of_this_machine(void **state)
{
	struct error err = ERROR_NONE;
	struct toolchain found;
	char command[4 * PATH_MAX], pahole[PATH_MAX];

	(void)state;
	if (toolchain_find(NULL, &found, &err)) {
		print_message("%s\n", err.text);
		skip();
	}
	snprintf(command, sizeof(command), "for i in %s %s %s; do "
		 "$i --version | grep -o 'version [0-9]*' | head -n 1; done | uniq | wc -l | grep -qx 1",
		 found.clang, found.opt, found.llc);
	assert_int_equal(system(command), 0);
	if (toolchain_find_pahole(pahole, &err))
		assert_non_null(strstr(err.text, "dwarves"));
	else
		assert_int_equal(access(pahole, X_OK), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(in_one_folder),
		TEST(by_suffix),
		TEST(without_its_kin),
		TEST(that_is_none),
		TEST(of_this_machine),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
