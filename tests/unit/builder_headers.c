/* SPDX-License-Identifier: BSD-2-Clause */
/* Headers of kernels, as distributions lay them out: trees with what is looked at. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "builder/headers.h"

#include "tests/unit/folder.h"

#define RELEASE "6.1.0-50-cloud-amd64"
#define BUILD "#1 SMP PREEMPT_DYNAMIC Debian 6.1.180-1 (2026-01-02)"

/* What was generated for a configuration; since 6.1 the version has a file of its own. */
static void make_build(const char *folder, const char *version_file, const char *config)
{
	run("mkdir -p %s/include/generated && cd %s/include/generated && "
	    "echo '#define CONFIG_SMP 1' >autoconf.h && echo '%s' >>autoconf.h && "
	    "echo '#define UTS_RELEASE \"" RELEASE "\"' >utsrelease.h", folder, folder, config);
	if (version_file)
		run("printf '#define UTS_MACHINE \"x86_64\"\\n#define UTS_VERSION \"%s\"\\n' "
		    ">%s/include/generated/%s", BUILD, folder, version_file);
}

static void make_source(const char *folder)
{
	run("mkdir -p %s/include/linux %s/arch/x86/include/asm && touch %s/include/linux/kconfig.h "
	    "%s/include/linux/sched.h %s/arch/x86/include/asm/ptrace.h", folder, folder, folder, folder,
	    folder);
}

static int find(const char *folder, struct kernel_headers *out, struct error *err)
{
	*err = ERROR_NONE;
	return headers_find(path_of(folder), RELEASE, BUILD, out, err);
}

/* Found, as these two folders. */
static void expect(const char *folder, const char *build, const char *source)
{
	struct kernel_headers headers;
	struct error err;

	if (find(folder, &headers, &err))
		fail_msg("%s", err.text);
	assert_string_equal(headers.release, RELEASE);
	assert_string_equal(headers.build, path_of(build));
	assert_string_equal(headers.source, path_of(source));
}

/* Refused, with these words. */
static void expect_error(const char *folder, int code, const char *word)
{
	struct kernel_headers headers;
	struct error err;

	assert_int_equal(find(folder, &headers, &err), code);
	assert_int_equal(err.code, code);
	if (!strstr(err.text, word))
		fail_msg("%s", err.text);
}

#define COMMON "linux-headers-6.1.0-50-common"
#define FLAVOUR "linux-headers-" RELEASE

static void make_debian(const char *src)
{
	char folder[256];

	snprintf(folder, sizeof(folder), "%s/" FLAVOUR, src);
	make_build(folder, "utsversion.h", "");
	run("echo 'include /usr/src/no-such-folder/" COMMON "/Makefile' >%s/Makefile", folder);
	snprintf(folder, sizeof(folder), "%s/" COMMON, src);
	make_source(folder);
}

/* Two folders side by side, of packages that were unpacked and not installed. */
static void of_debian(void **state)
{
	struct kernel_headers headers;
	struct error err;

	(void)state;
	make_debian(".");
	expect(FLAVOUR, FLAVOUR, COMMON);
	assert_int_equal(find(FLAVOUR, &headers, &err), 0);
	assert_string_equal(headers.version, BUILD);
	assert_true(headers_have(&headers, "x86", "linux/sched.h"));
	assert_true(headers_have(&headers, "x86", "generated/autoconf.h"));
	assert_true(headers_have(&headers, "x86", "asm/ptrace.h"));
	assert_false(headers_have(&headers, "arm64", "asm/ptrace.h"));
	assert_false(headers_have(&headers, "x86", "fs/mount.h"));
}

/* A link to it, as below lib/modules, is as good. */
static void through_a_link(void **state)
{
	(void)state;
	make_debian(".");
	run("ln -s " FLAVOUR " build");
	expect("build", FLAVOUR, COMMON);
}

/* One tree for all, of an older kernel: its version is in compile.h. */
static void of_fedora(void **state)
{
	struct kernel_headers headers;
	struct error err;

	(void)state;
	make_build("tree", "compile.h", "");
	make_source("tree");
	expect("tree", "tree", "tree");
	assert_int_equal(find("tree", &headers, &err), 0);
	assert_string_equal(headers.version, BUILD);
}

/* A kernel's own tree with what `make O=` built: the makefile says where from, or a link does. */
static void of_a_kernel_tree(void **state)
{
	(void)state;
	make_source("linux");
	run("mkdir linux/fs && touch linux/fs/mount.h");
	make_build("linux/build/x86", "utsversion.h", "");
	run("printf '# generated\\ninclude ../../Makefile\\n' >linux/build/x86/Makefile");
	expect("linux/build/x86", "linux/build/x86", "linux");
	make_build("out", "utsversion.h", "");
	run("ln -s ../linux out/source");
	expect("out", "out", "linux");
	/* Fedora has the link beside the build folder. */
	run("mkdir modules && mv linux/build/x86 modules/build && rm modules/build/Makefile && "
	    "ln -s ../linux modules/source");
	expect("modules/build", "modules/build", "linux");
}

static void with_headers_of_c_files(void **state)
{
	struct kernel_headers headers;
	struct error err;

	(void)state;
	make_build("linux", NULL, "");
	make_source("linux");
	run("mkdir linux/fs && touch linux/fs/mount.h");
	assert_int_equal(find("linux", &headers, &err), 0);
	assert_true(headers_have(&headers, "x86", "fs/mount.h"));
}

/* A folder that packages were unpacked in; the link of lib/modules leads out of it. */
static void of_a_root(void **state)
{
	(void)state;
	make_debian("usr/src");
	run("mkdir -p lib/modules/" RELEASE " && "
	    "ln -s /no-such-folder/" FLAVOUR " lib/modules/" RELEASE "/build");
	expect(".", "usr/src/" FLAVOUR, "usr/src/" COMMON);
	run("rm -r usr && mkdir -p usr/src/kernels");
	make_build("usr/src/kernels/" RELEASE, "utsversion.h", "");
	make_source("usr/src/kernels/" RELEASE);
	expect(".", "usr/src/kernels/" RELEASE, "usr/src/kernels/" RELEASE);
}

static void of_another_release(void **state)
{
	(void)state;
	make_debian(".");
	run("sed -i s/6.1.0-50/6.1.0-51/ " FLAVOUR "/include/generated/utsrelease.h");
	expect_error(FLAVOUR, -ESTALE, "is of 6.1.0-51-cloud-amd64, and not of " RELEASE);
	run("rm " FLAVOUR "/include/generated/utsrelease.h");
	expect_error(FLAVOUR, -ESTALE, "is of an unknown kernel, and not of " RELEASE);
}

static void of_another_build(void **state)
{
	(void)state;
	make_debian(".");
	run("sed -i 's/6.1.180-1/6.1.180-2/' " FLAVOUR "/include/generated/utsversion.h");
	expect_error(FLAVOUR, -ESTALE, "is of another build of " RELEASE " (#1 SMP PREEMPT_DYNAMIC "
		     "Debian 6.1.180-2 (2026-01-02)) than the kernel (" BUILD ")");
}

/* Neither side has to tell its build. */
static void of_a_build_that_is_not_told(void **state)
{
	struct kernel_headers headers;
	struct error err = ERROR_NONE;

	(void)state;
	make_debian(".");
	assert_int_equal(headers_find(path_of(FLAVOUR), RELEASE, "", &headers, &err), 0);
	run("rm " FLAVOUR "/include/generated/utsversion.h");
	assert_int_equal(find(FLAVOUR, &headers, &err), 0);
	assert_string_equal(headers.version, "");
}

/* The option had another name before 5.19; "none" is not it. */
static void of_randomised_structs(void **state)
{
	(void)state;
	make_source("tree");
	make_build("tree", "utsversion.h", "#define CONFIG_RANDSTRUCT_NONE 1");
	expect("tree", "tree", "tree");
	make_build("tree", "utsversion.h", "#define CONFIG_RANDSTRUCT 1");
	expect_error("tree", -ENOTSUP, "(CONFIG_RANDSTRUCT)");
	make_build("tree", "utsversion.h", "#define CONFIG_GCC_PLUGIN_RANDSTRUCT 1");
	expect_error("tree", -ENOTSUP, "(CONFIG_GCC_PLUGIN_RANDSTRUCT)");
}

static void without_what_flavours_share(void **state)
{
	(void)state;
	make_debian(".");
	run("rm -r " COMMON);
	expect_error(FLAVOUR, -ENOTDIR, FLAVOUR ": the folder with the headers that all configurations "
		     "share is not there");
	run("rm " FLAVOUR "/Makefile");
	expect_error(FLAVOUR, -ENOTDIR, "share is not there");
}

static void without_any(void **state)
{
	struct kernel_headers headers;
	struct error err = ERROR_NONE;

	(void)state;
	expect_error(".", -ENOENT, "has no kernel's headers (include/generated/autoconf.h)");
	expect_error("none", -ENOENT, "/none: has no kernel's headers");
	assert_int_equal(headers_find(NULL, "0.0-no-such-kernel", "", &headers, &err), -ENOENT);
	assert_string_equal(err.text, "no headers of 0.0-no-such-kernel below "
			    "/lib/modules/0.0-no-such-kernel/build or /usr/src");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(of_debian),
		TEST(through_a_link),
		TEST(of_fedora),
		TEST(of_a_kernel_tree),
		TEST(with_headers_of_c_files),
		TEST(of_a_root),
		TEST(of_another_release),
		TEST(of_another_build),
		TEST(of_a_build_that_is_not_told),
		TEST(of_randomised_structs),
		TEST(without_what_flavours_share),
		TEST(without_any),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
