/* SPDX-License-Identifier: BSD-2-Clause */
/* What an object needs, read from objects that clang compiles here: BPF C in, needs out. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "decide/needs.h"
#include "lib/file.h"

static const char PRELUDE[] =
	"#define SEC(name) __attribute__((section(name), used))\n"
	"typedef unsigned int u32; typedef unsigned long long u64;\n"
	"#define CORE __attribute__((preserve_access_index))\n"
	"#define __uint(name, n) int (*name)[n]\n"
	"char LICENSE[] SEC(\"license\") = \"GPL\";\n";

struct subject {
	char folder[64];
	struct file_map map;
	struct object *object;
	struct manifest manifest;
	struct needs needs;
};

static void compile(struct subject *s, const char *source)
{
	const char *clang = getenv("CLANG");
	char command[512], path[128];
	struct buffer text = { 0 };

	strcpy(s->folder, "/tmp/decide_needs.XXXXXX");
	assert_non_null(mkdtemp(s->folder));
	snprintf(path, sizeof(path), "%s/a.bpf.c", s->folder);
	assert_int_equal(buffer_append(&text, PRELUDE, strlen(PRELUDE)), 0);
	assert_int_equal(buffer_append(&text, source, strlen(source)), 0);
	assert_int_equal(file_publish(AT_FDCWD, path, buffer_slice(&text), 0644, NULL), 0);
	buffer_free(&text);
	snprintf(command, sizeof(command),
		 "%s -g -O2 -target bpf -Wno-ignored-attributes -c -o %s/a.bpf.o %s",
		 clang ? clang : "clang", s->folder, path);
	assert_int_equal(system(command), 0);
}

static struct subject examine(const char *source, const char *manifest)
{
	struct subject s = { .object = NULL };
	struct error err = ERROR_NONE;
	char path[128];

	compile(&s, source);
	snprintf(path, sizeof(path), "%s/a.bpf.o", s.folder);
	assert_int_equal(file_map(AT_FDCWD, path, &s.map, NULL), 0);
	if (object_open(s.map.bytes, "a.bpf.o", &s.object, &err))
		fail_msg("%s", err.text);
	if (manifest && manifest_parse(slice_of(manifest, strlen(manifest)), "m", &s.manifest, &err))
		fail_msg("%s", err.text);
	if (needs_of(s.object, manifest ? &s.manifest : NULL, &s.needs, &err))
		fail_msg("%s", err.text);
	return s;
}

static void drop(struct subject *s)
{
	char command[128];

	needs_free(&s->needs);
	manifest_free(&s->manifest);
	object_close(s->object);
	file_unmap(&s->map);
	snprintf(command, sizeof(command), "rm -rf '%s'", s->folder);
	assert_int_equal(system(command), 0);
}

static const struct program_needs *program(const struct subject *s, const char *name)
{
	const struct program_needs *found = needs_program(&s->needs, name);

	if (!found)
		fail_msg("no program %s", name);
	return found;
}

static void plain_object(void **state)
{
	struct subject s = examine("SEC(\"raw_tp/x\") int p(void *ctx) { return 0; }\n", NULL);

	(void)state;
	assert_int_equal(s.needs.program_count, 1);
	assert_null(program(&s, "p")->kernel_btf);
	assert_false(s.needs.relocations);
	assert_null(s.needs.kernel_btf);
	assert_false(needs_kernel_btf(&s.needs));
	drop(&s);
}

static void sections(void **state)
{
	static const struct {
		const char *section, *need;
		bool off;
	} CASES[] = {
		{ "fentry/f", "fentry", false },
		{ "fentry.s/f", "fentry.s", false },
		{ "fentry", "fentry", false },
		{ "?fexit/f", "fexit", true },
		{ "fmod_ret/f", "fmod_ret", false },
		{ "fsession/f", "fsession", false },
		{ "tp_btf/x", "tp_btf", false },
		{ "lsm/x", "lsm", false },
		{ "lsm_cgroup/x", "lsm_cgroup", false },
		{ "iter/task", "iter", false },
		{ "struct_ops/x", "struct_ops", false },
		{ "kprobe/f", NULL, false },
		{ "tp/syscalls/x", NULL, false },
		{ "?raw_tp/x", NULL, true },
		{ "fentryx/f", NULL, false },
		{ "lsmx", NULL, false },
		{ "xdp", NULL, false },
		{ "freplace/f", NULL, false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		char source[256];
		struct subject s;

		snprintf(source, sizeof(source), "SEC(\"%s\") int p(void *ctx) { return 0; }\n",
			 CASES[i].section);
		s = examine(source, NULL);
		assert_int_equal(program(&s, "p")->off, CASES[i].off);
		if (CASES[i].need)
			assert_string_equal(program(&s, "p")->kernel_btf, CASES[i].need);
		else
			assert_null(program(&s, "p")->kernel_btf);
		assert_int_equal(needs_kernel_btf(&s.needs), CASES[i].need && !CASES[i].off);
		drop(&s);
	}
}

/* Helpers are called by number; 5, bpf_ktime_get_ns, is for everybody. */
static void helpers(void **state)
{
	struct subject s = examine(
		"#define HELPER(n) ((u64 (*)(void))(n))()\n"
		"SEC(\"raw_tp/a\") int harmless(void *ctx) { return HELPER(5); }\n"
		"SEC(\"raw_tp/b\") int task_btf(void *ctx) { return HELPER(5) + HELPER(158); }\n"
		"SEC(\"raw_tp/c\") int storage(void *ctx) { return HELPER(156); }\n"
		"SEC(\"raw_tp/d\") int print(void *ctx) { return HELPER(149); }\n"
		/* An immediate of 64 bits whose second half looks like a call. */
		"SEC(\"raw_tp/e\") int constant(u64 *ctx) { return *ctx == 0x9e00000085ull << 3; }\n",
		NULL);

	(void)state;
	assert_null(program(&s, "harmless")->kernel_btf);
	assert_string_equal(program(&s, "task_btf")->kernel_btf, "helper bpf_get_current_task_btf");
	assert_string_equal(program(&s, "storage")->kernel_btf, "helper bpf_task_storage_get");
	assert_string_equal(program(&s, "print")->kernel_btf, "helper bpf_snprintf_btf");
	assert_null(program(&s, "constant")->kernel_btf);
	drop(&s);
}

/* libbpf appends static subprograms to their callers. */
static void subprograms(void **state)
{
	struct subject s = examine(
		"static __attribute__((noinline)) u64 sub(u64 x) {\n"
		"	return x + ((u64 (*)(void))158)(); }\n"
		"SEC(\"raw_tp/a\") int caller(u64 *ctx) { return sub(*ctx); }\n"
		"SEC(\"raw_tp/b\") int other(u64 *ctx) { return *ctx; }\n", NULL);

	(void)state;
	assert_string_equal(program(&s, "caller")->kernel_btf, "helper bpf_get_current_task_btf");
	assert_null(program(&s, "other")->kernel_btf);
	drop(&s);
}

static void relocations(void **state)
{
	struct subject s = examine(
		"struct task_struct { int pid; } CORE;\n"
		"SEC(\"raw_tp/a\") int p(struct task_struct *t) { return t->pid; }\n", NULL);

	(void)state;
	assert_true(s.needs.relocations);
	drop(&s);

	/* A local type id asks no kernel. */
	s = examine("struct own { int a; };\n"
		    "SEC(\"raw_tp/a\") int p(void *ctx) {\n"
		    "	return __builtin_btf_type_id(*(struct own *)0, 0); }\n", NULL);
	assert_false(s.needs.relocations);
	drop(&s);
}

static void externs_and_maps(void **state)
{
	struct subject s;

	(void)state;
	s = examine("extern int kfunc(int x) SEC(\".ksyms\");\n"
		    "SEC(\"raw_tp/a\") int p(u64 *ctx) { return kfunc(*ctx); }\n", NULL);
	assert_string_equal(s.needs.kernel_btf, "kernel functions (kfuncs)");
	assert_string_equal(s.needs.kernel_btf_name, "kfunc");
	assert_true(needs_kernel_btf(&s.needs));
	drop(&s);

	s = examine("extern const void address SEC(\".ksyms\");\n"
		    "SEC(\"raw_tp/a\") int p(u64 *ctx) { return *ctx == (u64)&address; }\n", NULL);
	assert_null(s.needs.kernel_btf);
	drop(&s);

	s = examine("extern const int variable SEC(\".ksyms\");\n"
		    "SEC(\"raw_tp/a\") int p(u64 *ctx) { return *ctx == (u64)&variable; }\n", NULL);
	assert_string_equal(s.needs.kernel_btf, "typed kernel variables (ksyms)");
	drop(&s);

	s = examine("struct { __uint(type, 27); __uint(max_entries, 4096); } r SEC(\".maps\");\n"
		    "SEC(\"raw_tp/a\") int p(u64 *ctx) { return *ctx == (u64)&r; }\n", NULL);
	assert_true(s.needs.ringbuf);
	assert_false(s.needs.perf_buffer);
	drop(&s);
}

static void manifest(void **state)
{
	static const char text[] =
		"[app]\nname = app\nversion = 1\n[object]\npath = a.bpf.o\n"
		"[program fast]\nalternative = slow\n"
		"[program lost]\nalternative = nobody\n"
		"[program extra]\noptional = yes\n";
	struct subject s = examine(
		"SEC(\"fentry/f\") int fast(void *ctx) { return 0; }\n"
		"SEC(\"kprobe/f\") int slow(void *ctx) { return 0; }\n"
		"SEC(\"fexit/f\") int lost(void *ctx) { return 0; }\n"
		"SEC(\"lsm/f\") int extra(void *ctx) { return 0; }\n", text);

	(void)state;
	assert_string_equal(program(&s, "fast")->alternative, "slow");
	assert_true(program(&s, "slow")->is_alternative);
	assert_false(program(&s, "fast")->is_alternative);
	assert_null(program(&s, "lost")->alternative);
	assert_true(program(&s, "extra")->optional);
	assert_false(program(&s, "fast")->optional);
	drop(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_object),
		cmocka_unit_test(sections),
		cmocka_unit_test(helpers),
		cmocka_unit_test(subprograms),
		cmocka_unit_test(relocations),
		cmocka_unit_test(externs_and_maps),
		cmocka_unit_test(manifest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
