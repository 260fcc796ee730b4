/* SPDX-License-Identifier: BSD-2-Clause */
/* Generations on disk: whole, in order, three of them, and nothing written when nothing changes. */
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "lib/console.h"
#include "lib/file.h"
#include "runtime/generation.h"

#include "installer/install.h"
#include "installer/publish.h"
#include "installer/verify.h"

#define STATE "var/lib/demo"
#define ZERO_DIGEST "0000000000000000000000000000000000000000000000000000000000000000"

static char root[] = "/tmp/btferry-unit-XXXXXX";

static int make_root(void **state)
{
	(void)state;
	console_init("test", true);
	strcpy(root + strlen(root) - 6, "XXXXXX");
	return mkdtemp(root) && chdir(root) == 0 ? 0 : -1;
}

static int remove_root(void **state)
{
	char command[64];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf %s", root);
	return chdir("/") || system(command);
}

static bool exists(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0;
}

/*
 * Publishes a generation whose two equal files hold text; its plan says so.  epoch: the text of
 * epoch.json with it.
 */
static int publish_with(const char *text, const char *epoch, struct publication *publication)
{
	struct state state;
	struct contents contents = { 0 };
	struct slice bytes = slice_of(text, strlen(text));
	struct digest digest = digest_of(bytes);
	char plan[1024], hex[DIGEST_HEX_SIZE];
	int code;

	digest_hex(&digest, hex);
	snprintf(plan, sizeof(plan), "{\"schema\":1,\"app\":\"demo\",\"version\":\"1\","
		 "\"fingerprint\":\"" ZERO_DIGEST "\",\"kernels\":[],\"files\":["
		 "{\"path\":\"btf/a.btf\",\"sha256\":\"%s\",\"size\":%zu},"
		 "{\"path\":\"btf/b.btf\",\"sha256\":\"%s\",\"size\":%zu}]}",
		 hex, bytes.size, hex, bytes.size);
	assert_int_equal(contents_borrow(&contents, bytes, NULL, NULL, "btf/b.btf"), 0);
	assert_int_equal(contents_borrow(&contents, bytes, NULL, NULL, "btf/%s.btf", "a"), 0);
	assert_int_equal(contents_link(&contents, NULL, "btf/c.btf"), 0);
	contents_sort(&contents);
	*publication = (struct publication){ 0 };
	code = state_enter(root, "demo", &state, NULL);
	if (!code) {
		code = publish_in(&state, root, "demo", &contents, slice_of(plan, strlen(plan)),
				  slice_of(epoch, strlen(epoch)), publication, NULL);
		state_leave(&state);
	}
	contents_free(&contents);
	free(publication->path);
	return code;
}

static int publish_text(const char *text, struct publication *publication)
{
	return publish_with(text, "", publication);
}

static void published_generation_is_whole(void **state)
{
	struct publication publication;
	struct generation generation;
	struct problems problems = { 0 };
	struct stat a, b, folder;
	char target[64];

	(void)state;
	assert_int_equal(publish_text("one", &publication), 0);
	assert_int_equal(publication.number, 1);
	assert_false(publication.was_there);
	assert_int_equal(generation_open(root, "demo", &generation, NULL), 0);
	assert_int_equal(verify(&generation, &problems, NULL), 0);
	assert_int_equal(problems.count, 0);
	generation_close(&generation);

	assert_int_equal(stat(STATE "/current/btf/a.btf", &a), 0);
	assert_int_equal(stat(STATE "/current/btf/b.btf", &b), 0);
	assert_int_equal(a.st_ino, b.st_ino);
	assert_int_equal(a.st_mode & 07777, 0644);
	assert_int_equal(stat(STATE "/current/", &folder), 0);
	assert_int_equal(folder.st_mode & 07777, 0755);
	assert_int_equal(readlink(STATE "/current/btf/c.btf", target, sizeof(target)),
			 strlen("/sys/kernel/btf/vmlinux"));
	assert_true(exists(STATE "/current/kconfig"));
	assert_false(exists(STATE "/current.tmp"));
}

static void the_same_again_writes_nothing(void **state)
{
	struct publication publication;

	(void)state;
	assert_int_equal(publish_text("one", &publication), 0);
	assert_int_equal(publish_text("one", &publication), 0);
	assert_true(publication.was_there);
	assert_int_equal(publication.number, 1);
	assert_false(exists(STATE "/gen/2"));
}

/* "The same" is what is on disk, not what the plan says. */
static void damage_is_repaired(void **state)
{
	struct publication publication;

	(void)state;
	assert_int_equal(publish_text("one", &publication), 0);
	assert_int_equal(unlink(STATE "/gen/1/btf/a.btf"), 0);
	assert_int_equal(publish_text("one", &publication), 0);
	assert_false(publication.was_there);
	assert_int_equal(publication.number, 2);
	assert_int_equal(unlink(STATE "/gen/2/plan.json"), 0);
	assert_int_equal(publish_text("one", &publication), 0);
	assert_int_equal(publication.number, 3);
}

static void three_generations_stay(void **state)
{
	static const char *const texts[] = { "1", "2", "3", "4", "5" };
	struct publication publication;
	size_t i;

	(void)state;
	for (i = 0; i < 5; i++)
		assert_int_equal(publish_text(texts[i], &publication), 0);
	assert_int_equal(publication.number, 5);
	assert_false(exists(STATE "/gen/1"));
	assert_false(exists(STATE "/gen/2"));
	assert_true(exists(STATE "/gen/3"));
	assert_true(exists(STATE "/gen/4"));
	assert_true(exists(STATE "/gen/5"));
}

/* What a killed install can leave; the number that was not made current is used again. */
static void leftovers_go(void **state)
{
	struct publication publication;

	(void)state;
	assert_int_equal(publish_text("one", &publication), 0);
	assert_int_equal(dir_make(AT_FDCWD, STATE "/gen/.tmp-12345678/btf/deep", 0755, NULL), 0);
	assert_int_equal(dir_make(AT_FDCWD, STATE "/gen/2/btf", 0755, NULL), 0);
	assert_int_equal(symlink("gen/2", STATE "/current.tmp"), 0);
	assert_int_equal(symlink("/etc", STATE "/gen/.tmp-link"), 0);
	assert_int_equal(publish_text("two", &publication), 0);
	assert_int_equal(publication.number, 2);
	assert_true(exists(STATE "/gen/2/plan.json"));
	assert_false(exists(STATE "/gen/.tmp-12345678"));
	assert_false(exists(STATE "/gen/.tmp-link"));
	assert_false(exists(STATE "/current.tmp"));
	assert_true(exists("/etc/passwd"));
}

/* Nothing of these is an installer's, so nothing is changed. */
static void foreign_state_is_refused(void **state)
{
	struct publication publication;

	(void)state;
	assert_int_equal(dir_make(AT_FDCWD, STATE "/current", 0755, NULL), 0);
	assert_int_equal(publish_text("one", &publication), -EBADMSG);
	assert_int_equal(rmdir(STATE "/current"), 0);
	assert_int_equal(rmdir(STATE "/gen"), 0);
	assert_int_equal(symlink("/etc", STATE "/gen"), 0);
	assert_int_equal(publish_text("one", &publication), -EBADMSG);
	assert_int_equal(unlink(STATE "/gen"), 0);
	assert_int_equal(dir_make(AT_FDCWD, STATE "/gen/mine", 0755, NULL), 0);
	assert_int_equal(publish_text("one", &publication), -EBADMSG);
	assert_int_equal(rmdir(STATE "/gen/mine"), 0);
	assert_int_equal(chmod(STATE, 0777), 0);
	assert_int_equal(publish_text("one", &publication), -EPERM);
	assert_int_equal(chmod(STATE, 0755), 0);
	assert_int_equal(publish_text("one", &publication), 0);
}

static void uninstall_takes_all_or_nothing(void **state)
{
	struct publication publication;

	(void)state;
	assert_int_equal(uninstall(root, "demo", false), STATUS_DONE);
	assert_int_equal(publish_text("one", &publication), 0);
	assert_int_equal(publish_text("two", &publication), 0);
	assert_int_equal(mkdir(STATE "/data", 0755), 0);
	assert_int_equal(uninstall(root, "demo", false), STATUS_DAMAGED);
	assert_int_equal(rmdir(STATE "/data"), 0);
	assert_int_equal(rename(STATE "/gen/1/plan.json", STATE "/gen/1/plan"), 0);
	assert_int_equal(uninstall(root, "demo", false), STATUS_DAMAGED);
	assert_true(exists(STATE "/current/plan.json"));
	assert_int_equal(rename(STATE "/gen/1/plan", STATE "/gen/1/plan.json"), 0);
	assert_int_equal(uninstall(root, "demo", false), STATUS_DONE);
	assert_false(exists(STATE));
}

static void paths_stay_in_the_generation(void **state)
{
	struct contents contents = { 0 };

	(void)state;
	assert_int_equal(contents_borrow(&contents, slice_of("", 0), NULL, NULL, "btf/%s.btf", "../../x"),
			 -EBADMSG);
	assert_int_equal(contents_link(&contents, NULL, "/etc/%s", "x"), -EBADMSG);
	assert_int_equal(contents.count + contents.link_count, 0);
	contents_free(&contents);
}

/* jansson's allocations, of which number fails_at fails. */
static size_t allocations, fails_at;

static void *scarce(size_t size)
{
	return ++allocations == fails_at ? NULL : malloc(size);
}

/* Whatever allocation fails, there is no document with something left out. */
static void status_is_whole_or_fails(void **state)
{
	struct publication publication;
	enum exit_status got;
	struct generation generation;
	size_t whole, parsing;

	(void)state;
	assert_int_equal(publish_text("one", &publication), 0);
	assert_int_equal(truncate(STATE "/current/btf/a.btf", 1), 0);
	json_set_alloc_funcs(scarce, free);
	fails_at = 0;
	assert_int_equal(generation_open(root, "demo", &generation, NULL), 0);
	generation_close(&generation);
	parsing = allocations;
	allocations = 0;
	assert_int_equal(status(root, &(struct trust){ 0 }, "demo", true), STATUS_DAMAGED);
	whole = allocations;
	/*
	 * Only those for the document: without memory to parse it, a plan counts as damaged.
	 * In the last third the text is made of it, where jansson does not see each failure itself.
	 */
	for (fails_at = parsing + (whole - parsing) * 2 / 3; fails_at > parsing; fails_at--) {
		allocations = 0;
		got = status(root, &(struct trust){ 0 }, "demo", true);
		assert_int_equal(got, STATUS_SYSTEM);
	}
	json_set_alloc_funcs(malloc, free);
}

#define IN_A_ROOT(test) cmocka_unit_test_setup_teardown(test, make_root, remove_root)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_A_ROOT(published_generation_is_whole),
		IN_A_ROOT(the_same_again_writes_nothing),
		IN_A_ROOT(damage_is_repaired),
		IN_A_ROOT(three_generations_stay),
		IN_A_ROOT(leftovers_go),
		IN_A_ROOT(foreign_state_is_refused),
		IN_A_ROOT(uninstall_takes_all_or_nothing),
		IN_A_ROOT(status_is_whole_or_fails),
		cmocka_unit_test(paths_stay_in_the_generation),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
