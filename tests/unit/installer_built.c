/* SPDX-License-Identifier: BSD-2-Clause */
/* What was built, as one file for another host: whole, of this kernel, of this application. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <bpf/btf.h>

#include "core/elf_add.h"
#include "lib/file.h"

#include "installer/built.h"

#define RELEASE "6.1.0-50-cloud-amd64"
#define BUILD "#1 SMP PREEMPT_DYNAMIC Debian 6.1.180-1 (2026-01-02)"
#define TEXT "{\"schema\": 1, \"way\": \"%s\", \"release\": \"" RELEASE "\", \"build\": \"\"}"

static char directory[] = "/tmp/btferry-built-XXXXXX";
static struct buffer bytes;      /* of the application's object */
static struct object *object;
static struct buffer btf;        /* of a part of a kernel: no functions */

static void write_file(const char *path, struct slice data)
{
	struct error err = ERROR_NONE;

	if (file_publish(AT_FDCWD, path, data, 0644, &err))
		fail_msg("%s", err.text);
}

/* An object with a program of this name, compiled here. */
static void compile(const char *program, const char *path)
{
	const char *clang = getenv("CLANG");
	char command[512];

	snprintf(command, sizeof(command), "printf '__attribute__((section(\"raw_tp/sched_switch\"))) "
		 "int %s(void *c) { return 0; }\\n' >o.c && %s -g -O2 -target bpf -c o.c -o %s", program,
		 clang ? clang : "clang", path);
	assert_int_equal(system(command), 0);
}

/* What was built, by this way; an object only where that is it. */
static struct built make_built(enum build_way way)
{
	struct built built = { .way = way, .build = BUILD };

	assert_int_equal(buffer_append(&built.btf, btf.data, btf.size), 0);
	if (way == WAY_OBJECT) {
		assert_int_equal(buffer_append(&built.object, bytes.data, bytes.size), 0);
		memset(&built.sources, 0x5a, sizeof(built.sources));
	}
	return built;
}

static void write_built(enum build_way way, const char *path)
{
	struct built built = make_built(way);
	struct error err = ERROR_NONE;
	struct buffer file = { 0 };

	if (built_to_file(&built, RELEASE, buffer_slice(&bytes), &file, &err))
		fail_msg("%s", err.text);
	write_file(path, buffer_slice(&file));
	buffer_free(&file);
	built_free(&built);
}

static void round_trip(void **state)
{
	enum build_way way;

	(void)state;
	for (way = 0; way < WAY_COUNT; way++) {
		struct built expected = make_built(way), built;
		struct error err = ERROR_NONE;
		struct object *again;

		write_built(way, "built.o");
		if (built_from_file(&(struct trust){ 0 }, "built.o", RELEASE, object, &built, &err))
			fail_msg("%s", err.text);
		assert_int_equal(built.way, way);
		assert_string_equal(built.build, BUILD);
		assert_true(slice_equal(buffer_slice(&built.btf), buffer_slice(&btf)));
		assert_int_equal(digest_compare(&built.sources, &expected.sources), 0);
		assert_int_equal(built.object.size > 0, way == WAY_OBJECT);
		/* With the sections, it is an object as before. */
		if (built.object.size) {
			assert_int_equal(object_open(buffer_slice(&built.object), "again", &again, &err), 0);
			assert_int_equal(again->program_count, 1);
			assert_true(slice_equal(again->programs[0].code, object->programs[0].code));
			object_close(again);
		}
		built_free(&built);
		built_free(&expected);
	}
}

static void expect_error(const char *path, const char *release, int code, const char *words)
{
	struct error err = ERROR_NONE;
	struct built built;

	assert_int_equal(built_from_file(&(struct trust){ 0 }, path, release, object, &built,
					 &err), code);
	assert_int_equal(err.code, code);
	if (!strstr(err.text, words))
		fail_msg("%s", err.text);
	assert_int_equal(built.way, WAY_COUNT);
	assert_int_equal(built.btf.size + built.object.size, 0);
}

static void for_another_kernel(void **state)
{
	(void)state;
	write_built(WAY_HEADERS, "built.o");
	expect_error("built.o", "6.1.0-51-cloud-amd64", -ESTALE,
		     "built.o: was built for kernel " RELEASE ", and not for 6.1.0-51-cloud-amd64");
}

static void for_another_application(void **state)
{
	(void)state;
	compile("on_something_else", "other.o");
	expect_error("other.o", RELEASE, -EINVAL, "other.o: has a program on_something_else, which the "
		     "application's object has not");
	assert_int_equal(system("printf 'int no_program;\\n' >n.c && "
				"clang -g -target bpf -c n.c -o n.o"), 0);
	expect_error("n.o", RELEASE, -EINVAL, "n.o: has no program");
	expect_error("none.o", RELEASE, -ENOENT, "none.o: No such file");
	write_file("text.o", slice_of("no object\n", 10));
	expect_error("text.o", RELEASE, -EBADMSG, "text.o");
}

/* Somebody compiled it: there is nothing to be asked about it. */
static void plain_object(void **state)
{
	struct error err = ERROR_NONE;
	struct built built;

	(void)state;
	assert_int_equal(built_from_file(&(struct trust){ 0 }, "plain.o", RELEASE, object, &built,
					 &err), 0);
	assert_int_equal(built.way, WAY_OBJECT);
	assert_string_equal(built.build, "");
	assert_int_equal(built.btf.size, 0);
	assert_true(digest_is_zero(&built.sources));
	assert_true(slice_equal(buffer_slice(&built.object), buffer_slice(&bytes)));
	assert_true(built_is_for(&built, BUILD));
	built_free(&built);
	assert_false(built_is_for(&built, BUILD));
}

/* A file with these two sections; the second one only where there is something to put there. */
static void write_sections(const char *text, struct slice second)
{
	struct buffer half = { 0 }, file = { 0 };
	struct error err = ERROR_NONE;

	assert_int_equal(elf_add_section(buffer_slice(&bytes), "x", ".btferry.build",
					 slice_of(text, strlen(text)), &half, &err), 0);
	if (second.size)
		assert_int_equal(elf_add_section(buffer_slice(&half), "x", ".btferry.btf", second, &file,
						 &err), 0);
	write_file("bad.o", buffer_slice(second.size ? &file : &half));
	buffer_free(&half);
	buffer_free(&file);
}

static void damaged_sections(void **state)
{
	static const char *const TEXTS[] = {
		"", "no JSON", "{}", "[]", "{\"schema\": 1, \"schema\": 1}",
		"{\"schema\": 1, \"way\": \"guess\", \"release\": \"" RELEASE "\", \"build\": \"\"}",
		"{\"schema\": 1, \"way\": \"object\", \"release\": 6, \"build\": \"\"}",
		"{\"schema\": 1, \"way\": \"object\", \"release\": \"" RELEASE "\"}",
		"{\"schema\": 0, \"way\": \"object\", \"release\": \"" RELEASE "\", \"build\": \"\"}",
		"{\"way\": \"object\", \"release\": \"" RELEASE "\", \"build\": \"\"}",
		"{\"schema\": 1, \"way\": \"object\", \"release\": \"" RELEASE "\", \"build\": \"\", "
		"\"sources\": \"5a\"}",
		("{\"schema\": 1, \"way\": \"object\", \"build\": \"\", \"release\": \"012345678901234567890123"
		 "456789012345678901234567890123456789012345\"}"),
	};
	char text[256];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(TEXTS) / sizeof(TEXTS[0]); i++) {
		write_sections(TEXTS[i], buffer_slice(&btf));
		expect_error("bad.o", RELEASE, -EBADMSG, "bad.o: ");
	}
	snprintf(text, sizeof(text), TEXT, "object");
	write_sections(text, slice_of(btf.data, btf.size - 1));
	expect_error("bad.o", RELEASE, -EBADMSG, "bad.o: section .btferry.btf: ");
	write_sections(text, slice_of("no BTF", 6));
	expect_error("bad.o", RELEASE, -EBADMSG, "bad.o: section .btferry.btf: ");
	snprintf(text, sizeof(text), TEXT, "headers");
	write_sections(text, (struct slice){ 0 });
	expect_error("bad.o", RELEASE, -EBADMSG, "bad.o: lacks the BTF (section .btferry.btf)");
}

static void of_a_newer_program(void **state)
{
	(void)state;
	write_sections("{\"schema\": 2, \"what\": \"else\"}", buffer_slice(&btf));
	expect_error("bad.o", RELEASE, -ENOTSUP, "is newer than this program: use a newer one");
}

static void btf_of_a_kernel(void **state)
{
	struct error err = ERROR_NONE;
	struct built built;

	(void)state;
	write_file("part.btf", buffer_slice(&btf));
	assert_int_equal(built_from_btf(&(struct trust){ 0 }, "part.btf", &built, &err), -EINVAL);
	assert_non_null(strstr(err.text, "part.btf: is reduced, so nobody knows which objects it is good "
			       "for"));
	assert_int_equal(built.way, WAY_COUNT);
	assert_int_equal(built.btf.size, 0);
	/* One with a function, as each kernel has them: the object's own. */
	assert_int_equal(system("llvm-objcopy --dump-section .BTF=whole.btf plain.o /dev/null"), 0);
	if (built_from_btf(&(struct trust){ 0 }, "whole.btf", &built, &err))
		fail_msg("%s", err.text);
	assert_int_equal(built.way, WAY_DEBUG_INFO);
	assert_false(built_is_part(built.way));
	assert_true(built.btf.size > 0);
	built_free(&built);
	write_file("text.btf", slice_of("no BTF\n", 7));
	assert_true(built_from_btf(&(struct trust){ 0 }, "text.btf", &built, &err) < 0);
	assert_int_equal(built_from_btf(&(struct trust){ 0 }, "none.btf", &built, &err), -ENOENT);
}

static int set_up(void **state)
{
	struct error err = ERROR_NONE;
	struct btf *made = btf__new_empty();
	const void *data;
	uint32_t size;

	(void)state;
	if (!mkdtemp(directory) || chdir(directory) < 0)
		return -1;
	compile("on_exec", "plain.o");
	btf__add_int(made, "int", 4, BTF_INT_SIGNED);
	btf__add_struct(made, "task_struct", 4);
	btf__add_field(made, "pid", 1, 0, 0);
	data = btf__raw_data(made, &size);
	if (buffer_append(&btf, data, size))
		return -1;
	btf__free(made);
	return file_read(AT_FDCWD, "plain.o", SIZE_MAX, &bytes, &err) ||
	       object_open(buffer_slice(&bytes), "application", &object, &err) ? -1 : 0;
}

static int tear_down(void **state)
{
	char command[64];

	(void)state;
	object_close(object);
	buffer_free(&bytes);
	buffer_free(&btf);
	snprintf(command, sizeof(command), "cd / && rm -r %s", directory);
	return system(command);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(round_trip),
		cmocka_unit_test(for_another_kernel),
		cmocka_unit_test(for_another_application),
		cmocka_unit_test(plain_object),
		cmocka_unit_test(damaged_sections),
		cmocka_unit_test(of_a_newer_program),
		cmocka_unit_test(btf_of_a_kernel),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
