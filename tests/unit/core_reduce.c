/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reduction on small kernels made with libbpf's BTF writer: what may go does go, what
 * relocations could see stays, and the result depends on the answers, not on the kernel it came
 * from. That values are right is for tests/oracle to say, where libbpf's own resolver judges.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/unit/asker.h"

/*
 * struct task_struct { int pid; char comm[16]; struct task_struct *parent; } and its pid,
 * parent and comm[2].
 */
static void ask_for_task(struct asker *asker)
{
	int i, c, array, task, pointer;

	begin(asker);
	i = btf__add_int(asker->btf, "int", 4, BTF_INT_SIGNED);
	c = btf__add_int(asker->btf, "char", 1, BTF_INT_SIGNED);
	array = btf__add_array(asker->btf, i, c, 16);
	pointer = btf__add_ptr(asker->btf, 5);
	task = btf__add_struct(asker->btf, "task_struct", 32);
	btf__add_field(asker->btf, "pid", i, 0, 0);
	btf__add_field(asker->btf, "comm", array, 32, 0);
	btf__add_field(asker->btf, "parent", pointer, 192, 0);
	assert_int_equal(task, 5);
	ask(asker, task, "0:0", BPF_CORE_FIELD_BYTE_OFFSET);
	ask(asker, task, "0:1:2", BPF_CORE_FIELD_BYTE_OFFSET);
	ask(asker, task, "0:2", BPF_CORE_FIELD_BYTE_OFFSET);
	ask(asker, task, "0:0", BPF_CORE_FIELD_BYTE_OFFSET);
	finish(asker);
}

/* A kernel with such a task_struct: `before` other types first, comm at comm_offset bytes. */
static struct btf *make_kernel(int before, int comm_offset, int size)
{
	struct btf *btf = btf__new_empty();
	int i, c, array, pointer, typedef_id, task, n;
	char name[32];

	for (n = 0; n < before; n++) {
		snprintf(name, sizeof(name), "noise%d", n);
		btf__add_struct(btf, name, 4);
	}
	i = btf__add_int(btf, before ? "int" : "signed int", 4, BTF_INT_SIGNED);
	typedef_id = btf__add_typedef(btf, "pid_t", i);
	c = btf__add_int(btf, "char", 1, BTF_INT_SIGNED);
	array = btf__add_array(btf, i, c, 16);
	btf__add_int(btf, "long unsigned int", 8, 0);
	task = btf__type_cnt(btf) + 1;
	pointer = btf__add_ptr(btf, task);
	btf__add_struct(btf, "task_struct", (uint32_t)size);
	btf__add_field(btf, "state", i, 0, 0);
	btf__add_field(btf, "pid", typedef_id, 64, 0);
	btf__add_field(btf, "comm", array, (uint32_t)comm_offset * 8, 0);
	btf__add_field(btf, "parent", pointer, 1024, 0);
	return btf;
}

static void folds_equal_relocations(void **state)
{
	struct asker asker;

	(void)state;
	ask_for_task(&asker);
	assert_int_equal(reloset_record_count(asker.set), 4);
	assert_int_equal(reloset_question_count(asker.set), 3);
	end(&asker);
}

/*
 * Other types around, other names of integers, typedefs, another size: the same answers, the
 * same bytes.
 */
static void is_canonical(void **state)
{
	struct btf *a = make_kernel(0, 40, 160), *b = make_kernel(50, 40, 4096);
	struct answers a_answers, b_answers;
	struct buffer a_out, b_out;
	struct asker asker;

	(void)state;
	ask_for_task(&asker);
	a_out = reduced(asker.set, a, &a_answers);
	b_out = reduced(asker.set, b, &b_answers);
	assert_int_equal(digest_compare(&a_answers.class, &b_answers.class), 0);
	assert_int_equal(a_out.size, b_out.size);
	assert_memory_equal(a_out.data, b_out.data, a_out.size);
	answers_free(&a_answers);
	answers_free(&b_answers);
	buffer_free(&a_out);
	buffer_free(&b_out);
	btf__free(a);
	btf__free(b);
	end(&asker);
}

static void keeps_only_what_is_asked(void **state)
{
	struct btf *kernel = make_kernel(9, 40, 160), *result;
	struct answers answers;
	struct buffer out;
	struct asker asker;
	const struct btf_type *task;
	int id;

	(void)state;
	ask_for_task(&asker);
	out = reduced(asker.set, kernel, &answers);
	result = btf__new(out.data, (uint32_t)out.size);
	assert_non_null(result);
	id = btf__find_by_name_kind(result, "task_struct", BTF_KIND_STRUCT);
	assert_true(id > 0);
	task = btf__type_by_id(result, (uint32_t)id);
	assert_int_equal(btf_vlen(task), 3); /* comm, parent, pid; no state */
	assert_string_equal(btf__name_by_offset(result, btf_members(task)[0].name_off), "comm");
	assert_int_equal(btf_members(task)[2].offset, 64);
	assert_true(btf__find_by_name_kind(result, "noise0", BTF_KIND_STRUCT) < 0);
	assert_true(btf__find_by_name_kind(result, "pid_t", BTF_KIND_TYPEDEF) < 0);
	assert_true(btf__find_by_name_kind(result, "long unsigned int", BTF_KIND_INT) > 0);
	btf__free(result);
	answers_free(&answers);
	buffer_free(&out);
	btf__free(kernel);
	end(&asker);
}

static void tells_different_kernels_apart(void **state)
{
	struct btf *a = make_kernel(0, 40, 160), *b = make_kernel(0, 48, 160);
	struct answers a_answers, b_answers;
	struct buffer a_out, b_out;
	struct asker asker;

	(void)state;
	ask_for_task(&asker);
	a_out = reduced(asker.set, a, &a_answers);
	b_out = reduced(asker.set, b, &b_answers);
	assert_int_not_equal(digest_compare(&a_answers.class, &b_answers.class), 0);
	answers_free(&a_answers);
	answers_free(&b_answers);
	buffer_free(&a_out);
	buffer_free(&b_out);
	btf__free(a);
	btf__free(b);
	end(&asker);
}

/* A field that a kernel lacks poisons; whether it exists is answered with no.  Neither fails. */
static void reports_what_is_missing(void **state)
{
	struct btf *kernel = btf__new_empty();
	struct answers answers;
	struct buffer out;
	struct asker asker;
	size_t poison = 0, absent = 0, i;
	int word, task;

	(void)state;
	btf__add_struct(kernel, "task_struct", 8);
	begin(&asker);
	word = btf__add_int(asker.btf, "int", 4, 0);
	task = btf__add_struct(asker.btf, "task_struct___new", 4);
	btf__add_field(asker.btf, "gone", word, 0, 0);
	ask(&asker, task, "0:0", BPF_CORE_FIELD_BYTE_OFFSET);
	ask(&asker, task, "0:0", BPF_CORE_FIELD_EXISTS);
	finish(&asker);
	out = reduced(asker.set, kernel, &answers);
	for (i = 0; i < answers.count; i++) {
		poison += answers.states[i] == ANSWERED_POISON;
		absent += answers.states[i] == ANSWERED_ABSENT;
	}
	assert_int_equal(poison, 1);
	assert_int_equal(absent, 1);
	answers_free(&answers);
	buffer_free(&out);
	btf__free(kernel);
	end(&asker);
}

/*
 * The same source against other headers asks the same: offsets of the object's own types do not
 * count.
 */
static void covers_by_content(void **state)
{
	struct asker all, one;
	int i, task;

	(void)state;
	ask_for_task(&all);
	begin(&one);
	btf__add_int(one.btf, "something else", 8, 0);
	i = btf__add_int(one.btf, "int", 4, BTF_INT_SIGNED);
	task = btf__add_struct(one.btf, "task_struct", 64);
	btf__add_field(one.btf, "pid", i, 256, 0);
	ask(&one, task, "0:0", BPF_CORE_FIELD_BYTE_OFFSET);
	finish(&one);
	assert_true(reloset_covers(all.set, one.set));
	assert_false(reloset_covers(one.set, all.set));
	end(&one);
	end(&all);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(folds_equal_relocations),
		cmocka_unit_test(is_canonical),
		cmocka_unit_test(keeps_only_what_is_asked),
		cmocka_unit_test(tells_different_kernels_apart),
		cmocka_unit_test(reports_what_is_missing),
		cmocka_unit_test(covers_by_content),
	};

	return cmocka_run_group_tests_name("core/reduce", tests, NULL, NULL);
}
