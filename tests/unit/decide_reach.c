/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a program comes to, by objects that clang compiles here, on a kernel whose BTF is made here:
 * a task_struct with a pid, and without whatever else is asked for.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/btf.h>
#include <cmocka.h>

#include "decide/reach.h"
#include "lib/file.h"

static const char PRELUDE[] =
	"#define SEC(name) __attribute__((section(name), used))\n"
	"typedef unsigned long long u64;\n"
	"#define EXISTS(field) __builtin_preserve_field_info(field, 2)\n"
	"struct task_struct { int pid, gone; } __attribute__((preserve_access_index));\n"
	"char LICENSE[] SEC(\"license\") = \"GPL\";\n"
	"static u64 (*const helper)(void *) = (void *)5;\n";

/* The source of a program p, and what it comes to. */
static const struct {
	const char *source;
	bool reads_gone;
	size_t context_end;
} CASES[] = {
	{ "int p(struct task_struct *t) { return t->gone; }", true, 0 },
	{ "int p(struct task_struct *t) { return EXISTS(t->gone) ? t->gone : t->pid; }", false, 0 },
	{ "int p(struct task_struct *t) { return EXISTS(t->pid) ? t->pid : t->gone; }", false, 0 },
	{ "int p(struct task_struct *t) { return EXISTS(t->pid) ? t->gone : t->pid; }", true, 0 },
	{ "int p(struct task_struct *t) { if (!EXISTS(t->gone)) return 0; helper(t); return t->gone; }",
	  false, 0 },
	/* What a test comes to that the kernel decides, nobody knows beforehand. */
	{ "int p(struct task_struct *t) { return helper(t) ? t->gone : 1; }", true, 0 },
	/* In a function that is called, by some way or another. */
	{ "static __attribute__((noinline)) int sub(struct task_struct *t) { return t->gone; }\n"
	  "SEC(\"raw_tp/x\") int p(struct task_struct *t) { return sub(t); }", true, 0 },
	{ "static __attribute__((noinline)) int sub(struct task_struct *t) { return t->gone; }\n"
	  "SEC(\"raw_tp/x\") int p(struct task_struct *t) { return EXISTS(t->gone) ? sub(t) : 0; }",
	  false, 0 },
	/* The context: at places that are the program's own, also behind a call and by a copy. */
	{ "int p(u64 *ctx) { return ctx[2]; }", false, 24 },
	{ "int p(char *ctx) { return ctx[7]; }", false, 8 },
	{ "int p(u64 *ctx) { helper(ctx); return ctx[1] + ctx[5]; }", false, 48 },
	{ "int p(u64 *ctx) { return helper(ctx) ? ctx[9] : 0; }", false, 80 },
	{ "int p(u64 **ctx) { return ctx[0][30]; }", false, 8 },
	{ "int p(struct task_struct *t) { return t->pid; }", false, 0 },
};

static struct object *compile(const char *source, struct file_map *map)
{
	const char *clang = getenv("CLANG");
	char folder[] = "/tmp/decide_reach.XXXXXX", command[512], path[128];
	struct buffer text = { 0 };
	struct error err = ERROR_NONE;
	struct object *object;

	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/a.bpf.c", folder);
	assert_int_equal(buffer_append(&text, PRELUDE, strlen(PRELUDE)), 0);
	if (!strstr(source, "SEC"))
		assert_int_equal(buffer_append(&text, "SEC(\"raw_tp/x\") ", 16), 0);
	assert_int_equal(buffer_append(&text, source, strlen(source)), 0);
	assert_int_equal(file_publish(AT_FDCWD, path, buffer_slice(&text), 0644, NULL), 0);
	buffer_free(&text);
	snprintf(command, sizeof(command), "%s -g -O2 -target bpf -c -o %s/a.bpf.o %s",
		 clang ? clang : "clang", folder, path);
	assert_int_equal(system(command), 0);
	snprintf(path, sizeof(path), "%s/a.bpf.o", folder);
	assert_int_equal(file_map(AT_FDCWD, path, map, NULL), 0);
	if (object_open(map->bytes, "a", &object, &err))
		fail_msg("%s: %s", source, err.text);
	snprintf(command, sizeof(command), "rm -r %s", folder);
	assert_int_equal(system(command), 0);
	return object;
}

static struct btf *make_kernel(void)
{
	struct btf *btf = btf__new_empty();
	int integer = btf__add_int(btf, "int", 4, BTF_INT_SIGNED);

	assert_true(btf__add_struct(btf, "task_struct", 4) > 0);
	assert_int_equal(btf__add_field(btf, "pid", integer, 0, 0), 0);
	return btf;
}

/* Whether a relocation that finds nothing, and is no test, is reached. */
static bool reads_gone(const struct reloset *set, const struct object *object,
		       const struct answers *answers, const bool *reached)
{
	size_t i;

	for (i = 0; i < object->relo_count; i++) {
		uint32_t question = reloset_question_of(set, 0, i);

		if (question != RELOSET_NONE && reached[i] &&
		    answers->states[question] == ANSWERED_POISON)
			return true;
	}
	return false;
}

static void cases(void **state)
{
	struct btf *kernel = make_kernel();
	struct btf_view view;
	uint32_t size;
	const void *raw = btf__raw_data(kernel, &size);
	size_t i, k;

	(void)state;
	assert_int_equal(btf_view_open(&view, slice_of(raw, size), NULL), 0);
	for (i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		struct file_map map;
		struct object *object = compile(CASES[i].source, &map);
		struct answers answers = { .states = NULL }, none = { .states = NULL };
		bool reached[64] = { false };
		struct reach *reach;
		struct reloset *set;
		size_t end = 0, blind_end = 0;

		assert_int_equal(reloset_create(&object, 1, &set, NULL), 0);
		assert_int_equal(answers_resolve(set, &view, &answers, NULL), 0);
		assert_true(object->relo_count <= 64);
		assert_int_equal(reach_open(object, set, 0, &reach), 0);
		assert_int_equal(reach_code(reach, 0, &answers, reached, &end), 0);
		if (reads_gone(set, object, &answers, reached) != CASES[i].reads_gone)
			fail_msg("%s: reads what is gone", CASES[i].source);
		if (end != CASES[i].context_end)
			fail_msg("%s: %zu bytes of context", CASES[i].source, end);
		/* Without answers nothing is reached for certain, and the context is the same. */
		memset(reached, 0, sizeof(reached));
		assert_int_equal(reach_code(reach, 0, &none, reached, &blind_end), 0);
		assert_int_equal(blind_end, end);
		for (k = 0; k < 64; k++)
			assert_false(reached[k]);
		answers_free(&answers);
		reach_close(reach);
		reloset_destroy(set);
		object_close(object);
		file_unmap(&map);
	}
	btf_view_close(&view);
	btf__free(kernel);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(cases) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
