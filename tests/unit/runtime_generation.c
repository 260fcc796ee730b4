/* SPDX-License-Identifier: BSD-2-Clause */
/* Reading what is installed: where it may be, what `current` and plan.json may say. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "lib/file.h"
#include "runtime/beneath.h"
#include "runtime/generation.h"
#include "runtime/plan_json.h"
#include "runtime/state_dir.h"
#include "tests/unit/allocations.h"
#include "tests/unit/needs.h"

/* The SHA-256 of "hello\n". */
#define HELLO_DIGEST "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03"
#define ZERO_DIGEST "0000000000000000000000000000000000000000000000000000000000000000"

#define KERNELS "[{\"release\":\"6.1.0-54\",\"arch\":\"x86_64\",\"build\":\"#1\"," \
		"\"covered\":true,\"source\":\"stored\",\"row\":\"4\",\"rule\":\"release\"," \
		"\"reason\":\"r\",\"btf\":\"" HELLO_DIGEST "\"}]"
#define FILES "[{\"path\":\"btf/6.1.0-54.btf\",\"sha256\":\"" HELLO_DIGEST "\",\"size\":6}]"

static const char *plan_with(const char *schema, const char *app, const char *kernels,
			     const char *files)
{
	static char text[4096];

	snprintf(text, sizeof(text), "{\"schema\":%s,\"app\":\"%s\",\"version\":\"1.0\","
		 "\"fingerprint\":\"" ZERO_DIGEST "\",\"kernels\":%s,\"files\":%s}", schema, app,
		 kernels, files);
	return text;
}

/* A scratch root, which the test works in. */
static char root[] = "/tmp/btferry-unit-XXXXXX";

static void put(const char *path, const char *text)
{
	assert_int_equal(file_publish(AT_FDCWD, path, slice_of(text, strlen(text)), 0644, NULL), 0);
}

static void link_current(const char *target)
{
	unlink("var/lib/demo/current");
	assert_int_equal(symlink(target, "var/lib/demo/current"), 0);
}

static int make_root(void **state)
{
	(void)state;
	assert_non_null(mkdtemp(root));
	assert_int_equal(chdir(root), 0);
	assert_int_equal(dir_make(AT_FDCWD, "var/lib/demo/gen/1/btf", 0755, NULL), 0);
	put("var/lib/demo/gen/1/plan.json", plan_with("1", "demo", KERNELS, FILES));
	put("var/lib/demo/gen/1/btf/6.1.0-54.btf", "hello\n");
	put("secret", "hello\n");
	link_current("gen/1");
	return 0;
}

static int remove_root(void **state)
{
	char command[64];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf %s", root);
	return chdir("/") || system(command);
}

static void whole_generation_is_read(void **state)
{
	struct generation generation;
	struct buffer bytes = { 0 };

	(void)state;
	assert_int_equal(generation_open(root, "demo", &generation, NULL), 0);
	assert_int_equal(generation.number, 1);
	assert_string_equal(generation.app, "demo");
	assert_string_equal(generation.version, "1.0");
	assert_int_equal(generation.kernel_count, 1);
	assert_null(generation_find(&generation, "6.1.0"));
	assert_string_equal(generation_find(&generation, "6.1.0-54")->source, "stored");
	assert_true(generation_find(&generation, "6.1.0-54")->covered);
	assert_int_equal(generation_read(&generation, "btf/6.1.0-54.btf", &bytes, NULL), 0);
	assert_int_equal(bytes.size, 6);
	assert_memory_equal(bytes.data, "hello\n", 6);
	assert_int_equal(generation_read(&generation, "plan.json", &bytes, NULL), -ENOENT);
	buffer_free(&bytes);
	generation_close(&generation);
}

/* Each way in which the file can differ from what the plan says of it. */
static void changed_file_is_refused(void **state)
{
	static const char path[] = "var/lib/demo/gen/1/btf/6.1.0-54.btf";
	static const char *const contents[] = { "hellO\n", "hello\n\n", "hello", "" };
	struct generation generation;
	struct buffer bytes = { 0 };
	struct error err;
	size_t i;

	(void)state;
	assert_int_equal(generation_open(root, "demo", &generation, NULL), 0);
	for (i = 0; i < sizeof(contents) / sizeof(contents[0]); i++) {
		put(path, contents[i]);
		assert_int_equal(generation_read(&generation, "btf/6.1.0-54.btf", &bytes, &err),
				 -EBADMSG);
		assert_non_null(strstr(err.text, "btf/6.1.0-54.btf"));
		assert_int_equal(bytes.size, 0);
	}
	unlink(path);
	assert_int_equal(generation_read(&generation, "btf/6.1.0-54.btf", &bytes, NULL), -ENOENT);
	/* The right bytes, in the wrong kind of file. */
	assert_int_equal(symlink("/etc/../../../../secret", path), 0);
	assert_int_equal(generation_read(&generation, "btf/6.1.0-54.btf", &bytes, NULL), -EBADMSG);
	unlink(path);
	assert_int_equal(mkfifo(path, 0644), 0);
	assert_int_equal(generation_read(&generation, "btf/6.1.0-54.btf", &bytes, NULL), -EBADMSG);
	unlink(path);
	put(path, "hello\n");
	buffer_free(&bytes);
	generation_close(&generation);
}

static void current_has_one_form(void **state)
{
	static const char *const bad[] = {
		"gen/0", "gen/01", "gen/1/", "/gen/1", "gen/../gen/1", "gen/1x", "gen/", "gen/-1",
		"gen/1234567890", "../demo/gen/1", "gen/2",
	};
	struct generation generation;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		link_current(bad[i]);
		assert_int_equal(generation_open(root, "demo", &generation, NULL), -EBADMSG);
	}
	unlink("var/lib/demo/current");
	assert_int_equal(generation_open(root, "demo", &generation, NULL), -ENOENT);
	put("var/lib/demo/current", "gen/1");
	assert_int_equal(generation_open(root, "demo", &generation, NULL), -EBADMSG);
	link_current("gen/1");
	assert_int_equal(generation_open(root, "other", &generation, NULL), -ENOENT);
	assert_int_equal(generation_open(root, "../lib/demo", &generation, NULL), -EINVAL);
}

/* The state directory, gen and gen/N must be what they seem, not links to somewhere else. */
static void links_are_not_followed(void **state)
{
	struct generation generation;

	(void)state;
	assert_int_equal(symlink("demo", "var/lib/alias"), 0);
	assert_int_equal(generation_open(root, "alias", &generation, NULL), -EBADMSG);
	assert_int_equal(rename("var/lib/demo/gen", "var/lib/demo/elsewhere"), 0);
	assert_int_equal(symlink("elsewhere", "var/lib/demo/gen"), 0);
	assert_int_equal(generation_open(root, "demo", &generation, NULL), -EBADMSG);
	unlink("var/lib/demo/gen");
	assert_int_equal(rename("var/lib/demo/elsewhere", "var/lib/demo/gen"), 0);
}

/* What a plan says of sizes is compared with what is read, and never allocated. */
static void absurd_sizes_are_not_believed(void **state)
{
	static const char plan[] = "var/lib/demo/gen/1/plan.json";
	struct generation generation;
	struct buffer bytes = { 0 };

	(void)state;
	put(plan, plan_with("1", "demo", KERNELS, "[{\"path\":\"btf/6.1.0-54.btf\",\"sha256\":\""
			    HELLO_DIGEST "\",\"size\":9223372036854775807}]"));
	put("var/lib/demo/gen/1/btf/6.1.0-54.btf", "hello\n");
	assert_int_equal(generation_open(root, "demo", &generation, NULL), 0);
	largest_allocation = 0;
	assert_int_equal(generation_read(&generation, "btf/6.1.0-54.btf", &bytes, NULL), -EBADMSG);
	assert_true(largest_allocation < 1 << 20);
	generation_close(&generation);
	buffer_free(&bytes);
	put(plan, plan_with("1", "demo", KERNELS, FILES));
}

static int parse(const char *text)
{
	struct generation generation = { .fd = -1 };
	int code = plan_json_parse(slice_of(text, strlen(text)), "plan.json", &generation, NULL);

	generation_close(&generation);
	return code;
}

static void plan_is_strict(void **state)
{
	static const char *const bad_files[] = {
		"{}", "[1]", "[{}]",
		"[{\"path\":\"../x\",\"sha256\":\"" HELLO_DIGEST "\",\"size\":6}]",
		"[{\"path\":\"/x\",\"sha256\":\"" HELLO_DIGEST "\",\"size\":6}]",
		"[{\"path\":\"a//b\",\"sha256\":\"" HELLO_DIGEST "\",\"size\":6}]",
		"[{\"path\":\"a\\u001b[2J\",\"sha256\":\"" HELLO_DIGEST "\",\"size\":6}]",
		"[{\"path\":\"a\\nb\",\"sha256\":\"" HELLO_DIGEST "\",\"size\":6}]",
		"[{\"path\":\"x\",\"sha256\":\"12\",\"size\":6}]",
		"[{\"path\":\"x\",\"sha256\":\"" HELLO_DIGEST "\",\"size\":-1}]",
		"[{\"path\":\"x\",\"sha256\":\"" HELLO_DIGEST "\",\"size\":\"6\"}]",
		"[{\"path\":\"x\",\"path\":\"y\",\"sha256\":\"" HELLO_DIGEST "\",\"size\":6}]",
	};
	static const char *const bad_kernels[] = {
		"{}", "[{}]", "[null]",
		"[{\"release\":\"../6\",\"arch\":\"a\",\"build\":\"\",\"covered\":true,\"source\":"
		"\"none\",\"row\":\"5\",\"rule\":null,\"reason\":\"\",\"btf\":null}]",
		"[{\"release\":\"6\",\"arch\":\"a\",\"build\":\"\",\"covered\":true,\"source\":"
		"\"guess\",\"row\":\"5\",\"rule\":null,\"reason\":\"\",\"btf\":null}]",
		"[{\"release\":\"6\",\"arch\":\"a\",\"build\":\"\",\"covered\":true,\"source\":"
		"\"stored\",\"row\":\"5\",\"rule\":null,\"reason\":\"\",\"btf\":null}]",
		"[{\"release\":\"6\",\"arch\":\"a/b\",\"build\":\"\",\"covered\":true,\"source\":"
		"\"none\",\"row\":\"5\",\"rule\":null,\"reason\":\"\",\"btf\":null}]",
		"[{\"release\":\"6\",\"arch\":\"a\",\"build\":\"#1\\u0007\",\"covered\":true,\"source\":"
		"\"none\",\"row\":\"5\",\"rule\":null,\"reason\":\"\",\"btf\":null}]",
		"[{\"release\":\"6\",\"arch\":\"a\",\"build\":\"\",\"covered\":true,\"source\":"
		"\"none\",\"row\":\"5\",\"rule\":null,\"reason\":\"\\u009b2J\",\"btf\":null}]",
	};
	size_t i;

	(void)state;
	assert_int_equal(parse(plan_with("1", "demo", KERNELS, FILES)), 0);
	assert_int_equal(parse(plan_with("1", "demo", "[]", "[]")), 0);
	assert_int_equal(parse(plan_with("2", "demo", "[]", "[]")), -ENOTSUP);
	assert_int_equal(parse(plan_with("0", "demo", "[]", "[]")), -EBADMSG);
	assert_int_equal(parse(plan_with("\"1\"", "demo", "[]", "[]")), -EBADMSG);
	assert_int_equal(parse(plan_with("1", "De/mo", "[]", "[]")), -EBADMSG);
	for (i = 0; i < sizeof(bad_files) / sizeof(bad_files[0]); i++)
		assert_int_equal(parse(plan_with("1", "demo", "[]", bad_files[i])), -EBADMSG);
	for (i = 0; i < sizeof(bad_kernels) / sizeof(bad_kernels[0]); i++)
		assert_int_equal(parse(plan_with("1", "demo", bad_kernels[i], "[]")), -EBADMSG);
	assert_int_equal(parse("{\"schema\":1,\"app\":\"demo\",\"version\":\"1/0\",\"fingerprint\":\""
			       ZERO_DIGEST "\",\"kernels\":[],\"files\":[]}"), -EBADMSG);
	assert_int_equal(parse(""), -EBADMSG);
	assert_int_equal(parse("[]"), -EBADMSG);
	assert_int_equal(parse("{\"schema\":1"), -EBADMSG);
}

/* The kernel's way and the walk for old kernels agree. */
static void opening_stays_beneath(void **state)
{
	static const struct {
		const char *path;
		int code; /* 0: opens */
	} CASES[] = {
		{ "var/lib/demo/gen/1/plan.json", 0 },
		{ "secret", 0 },
		{ "missing", -ENOENT },
		{ "missing/too", -ENOENT },
		{ "secret/below", -ENOTDIR },
		{ "/etc/passwd", -EBADMSG },
		{ "..", -EBADMSG },
		{ "var/../secret", -EBADMSG },
		{ "./secret", -EBADMSG },
		{ "var//lib", -EBADMSG },
		{ "", -EBADMSG },
		{ "sec\nret", -EBADMSG },
		{ "\033[2J", -EBADMSG },
		{ "var/lib/demo/current", -ELOOP },
	};
	int dir_fd = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC), fd;
	size_t i;

	(void)state;
	needs_openat2();
	assert_true(dir_fd >= 0);
	for (i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		fd = beneath_open(dir_fd, CASES[i].path, O_RDONLY);
		assert_int_equal(fd < 0 ? fd : 0, CASES[i].code);
		if (fd >= 0)
			close(fd);
		fd = beneath_walk(dir_fd, CASES[i].path, O_RDONLY);
		assert_int_equal(fd < 0 ? fd : 0, CASES[i].code);
		if (fd >= 0)
			close(fd);
	}
	/* A link on the way is refused by both, each with its own word for it. */
	assert_int_equal(beneath_open(dir_fd, "var/lib/demo/current/plan.json", O_RDONLY), -ELOOP);
	assert_int_equal(beneath_walk(dir_fd, "var/lib/demo/current/plan.json", O_RDONLY),
			 -ENOTDIR);
	close(dir_fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_generation_is_read),
		cmocka_unit_test(changed_file_is_refused),
		cmocka_unit_test(current_has_one_form),
		cmocka_unit_test(links_are_not_followed),
		cmocka_unit_test(absurd_sizes_are_not_believed),
		cmocka_unit_test(plan_is_strict),
		cmocka_unit_test(opening_stays_beneath),
	};

	return cmocka_run_group_tests(tests, make_root, remove_root);
}
