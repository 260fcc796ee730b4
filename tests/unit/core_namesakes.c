/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What stays in a reduced BTF for one reason and could be found for another: by its name, as a
 * candidate; as the `long` that tells a pointer's size; in the place of a member.  All of these
 * came out of tests/oracle/random.  reduce_kernel() reads back what it made and fails when it
 * differs.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/asker.h"

/* Reduces kernel and gives the result to libbpf; takes the kernel. */
static struct btf *reduced_btf(struct asker *asker, struct btf *kernel)
{
	struct answers answers;
	struct buffer out;
	struct btf *result;

	finish(asker);
	out = reduced(asker->set, kernel, &answers);
	result = btf__new(out.data, (uint32_t)out.size);
	assert_non_null(result);
	answers_free(&answers);
	buffer_free(&out);
	btf__free(kernel);
	end(asker);
	return result;
}

static struct btf *make_holder(struct btf *btf, int task)
{
	btf__add_struct(btf, "holder", 16);
	btf__add_field(btf, "task", task, 64, 0);
	return btf;
}

/* The second task says what the first does: it is kept for the match of its holder only. */
static void a_needless_candidate_that_stays_says_the_same(void **state)
{
	struct btf *kernel = btf__new_empty(), *result;
	struct asker asker;
	uint32_t id;

	(void)state;
	begin(&asker);
	make_holder(asker.btf, btf__add_struct(asker.btf, "task", 8));
	ask(&asker, 1, "0", BPF_CORE_TYPE_SIZE);
	ask(&asker, 2, "0", BPF_CORE_TYPE_MATCHES);
	btf__add_struct(kernel, "task", 8);
	make_holder(kernel, btf__add_struct(kernel, "task", 8));

	result = reduced_btf(&asker, kernel);
	for (id = 1; id < btf__type_cnt(result); id++) {
		const struct btf_type *t = btf__type_by_id(result, id);
		if (t->name_off && !strcmp(btf__name_by_offset(result, t->name_off), "task"))
			assert_int_equal(t->size, 8);
	}
	btf__free(result);
}

/* Asked for its existence only, `long` stands before the type that tells the pointer's size. */
static void another_long_does_not_change_the_pointer_size(void **state)
{
	struct btf *kernel = btf__new_empty(), *result;
	struct asker asker;

	(void)state;
	begin(&asker);
	btf__add_int(asker.btf, "long", 8, BTF_INT_SIGNED);
	btf__add_typedef(asker.btf, "handle", btf__add_ptr(asker.btf, 0));
	ask(&asker, 1, "0", BPF_CORE_TYPE_EXISTS);
	ask(&asker, 3, "0", BPF_CORE_TYPE_SIZE);
	btf__add_int(kernel, "unsigned long", 8, 0);
	btf__add_int(kernel, "long", 8, BTF_INT_SIGNED);
	btf__add_typedef(kernel, "handle", btf__add_ptr(kernel, 0));

	result = reduced_btf(&asker, kernel);
	assert_int_equal(btf__pointer_size(result), 8);
	btf__free(result);
}

/* An empty unnamed struct (all of it behind #ifdef) must not find what only fills the place. */
static void what_fills_a_place_matches_nothing(void **state)
{
	struct btf *kernel = btf__new_empty(), *result;
	struct asker asker;

	(void)state;
	begin(&asker);
	btf__add_struct(asker.btf, "", 0);
	btf__add_struct(asker.btf, "task", 0);
	btf__add_field(asker.btf, "", 1, 0, 0);
	ask(&asker, 2, "0", BPF_CORE_TYPE_MATCHES);
	ask(&asker, 2, "0", BPF_CORE_TYPE_EXISTS);
	btf__add_int(kernel, "int", 4, BTF_INT_SIGNED);
	btf__add_struct(kernel, "task", 4);
	btf__add_field(kernel, "pid", 1, 0, 0);

	result = reduced_btf(&asker, kernel);
	btf__free(result);
}

/* Same-named types are compared with each other: a hostile number of them is refused at once. */
static void more_namesakes_than_any_kernel_has_are_refused(void **state)
{
	struct btf *kernel = btf__new_empty();
	struct error err = ERROR_NONE;
	struct answers answers;
	struct btf_view view;
	struct asker asker;
	int i;

	(void)state;
	begin(&asker);
	btf__add_struct(asker.btf, "many", 4);
	ask(&asker, 1, "0", BPF_CORE_TYPE_EXISTS);
	finish(&asker);
	for (i = 0; i < 600; i++)
		btf__add_struct(kernel, "many", 4);
	assert_int_equal(btf_view_open(&view, raw_of(kernel), &err), 0);
	assert_int_equal(answers_resolve(asker.set, &view, &answers, &err), -ENOTSUP);
	assert_non_null(strstr(err.text, "600 types are named many"));
	btf_view_close(&view);
	btf__free(kernel);
	end(&asker);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(more_namesakes_than_any_kernel_has_are_refused),
		cmocka_unit_test(a_needless_candidate_that_stays_says_the_same),
		cmocka_unit_test(another_long_does_not_change_the_pointer_size),
		cmocka_unit_test(what_fills_a_place_matches_nothing),
	};

	return cmocka_run_group_tests_name("core/namesakes", tests, NULL, NULL);
}
