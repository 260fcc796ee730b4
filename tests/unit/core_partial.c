/* SPDX-License-Identifier: BSD-2-Clause */
/* BTF of a part of a kernel: which answers are the kernel's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/partial.h"
#include "core/question.h"

#include "tests/unit/asker.h"

/* What a part of a kernel knows of one type. */
struct part {
	struct btf *btf;
	struct btf_view view;
};

/*
 * Whole: struct whole { int there; }, enum whole_enum { ONE = 1 }, typedefs of both and of int.
 * Declared only: struct hidden, enum hidden_enum, a typedef of the struct.
 */
static void make_part(struct part *part)
{
	struct error err = ERROR_NONE;
	int i, type;

	part->btf = btf__new_empty();
	i = btf__add_int(part->btf, "int", 4, BTF_INT_SIGNED);
	type = btf__add_struct(part->btf, "whole", 4);
	btf__add_field(part->btf, "there", i, 0, 0);
	btf__add_typedef(part->btf, "whole_t", type);
	type = btf__add_enum(part->btf, "whole_enum", 4);
	btf__add_enum_value(part->btf, "ONE", 1);
	btf__add_typedef(part->btf, "whole_enum_t", type);
	type = btf__add_fwd(part->btf, "hidden", BTF_FWD_STRUCT);
	btf__add_typedef(part->btf, "hidden_t", type);
	type = btf__add_enum(part->btf, "hidden_enum", 4);
	btf__add_typedef(part->btf, "hidden_enum_t", type);
	assert_int_equal(btf_view_open(&part->view, raw_of(part->btf), &err), 0);
}

static void free_part(struct part *part)
{
	btf_view_close(&part->view);
	btf__free(part->btf);
}

/* A struct, or a typedef of one without a name, with a member of each of these names. */
static int add_struct(struct asker *asker, const char *name, const char *typedef_name)
{
	int i = btf__add_int(asker->btf, "int", 4, BTF_INT_SIGNED);
	int type = btf__add_struct(asker->btf, name, 8);

	btf__add_field(asker->btf, "there", i, 0, 0);
	btf__add_field(asker->btf, "gone", i, 32, 0);
	return typedef_name ? btf__add_typedef(asker->btf, typedef_name, type) : type;
}

static int add_enum(struct asker *asker, const char *name, const char *typedef_name)
{
	int type = btf__add_enum(asker->btf, name, 4);

	btf__add_enum_value(asker->btf, "ONE", 1);
	btf__add_enum_value(asker->btf, "TWO", 2);
	return typedef_name ? btf__add_typedef(asker->btf, typedef_name, type) : type;
}

/* Asks what was added to the asker's relocations last; that one's answer is as expected. */
static void expect(struct asker *asker, uint8_t state, bool is_known)
{
	struct answers answers;
	struct error err = ERROR_NONE;
	struct part part;
	bool known[RELO_LIMIT];
	size_t unknown;

	finish(asker);
	make_part(&part);
	assert_int_equal(answers_resolve(asker->set, &part.view, &answers, &err), 0);
	assert_int_equal(answers.count, 1);
	unknown = partial_known(asker->set, &part.view, &answers, known);
	if (answers.states[0] != state || known[0] != is_known)
		fail_msg("kind %u, %s: state %d, known %d", asker->relos[0].kind,
			 asker->relos[0].access, answers.states[0], known[0]);
	assert_int_equal(known[0], is_known);
	assert_int_equal(unknown, !is_known);
	answers_free(&answers);
	free_part(&part);
	end(asker);
}

static void expect_field(const char *name, const char *typedef_name, const char *access,
			 uint32_t kind, uint8_t state, bool is_known)
{
	struct asker asker;

	begin(&asker);
	ask(&asker, add_struct(&asker, name, typedef_name), access, kind);
	expect(&asker, state, is_known);
}

static void expect_enum(const char *name, const char *typedef_name, const char *access,
			uint32_t kind, uint8_t state, bool is_known)
{
	struct asker asker;

	begin(&asker);
	ask(&asker, add_enum(&asker, name, typedef_name), access, kind);
	expect(&asker, state, is_known);
}

static const uint32_t FIELD_KINDS[] = {
	BPF_CORE_FIELD_BYTE_OFFSET, BPF_CORE_FIELD_BYTE_SIZE, BPF_CORE_FIELD_EXISTS,
	BPF_CORE_FIELD_SIGNED, BPF_CORE_FIELD_LSHIFT_U64, BPF_CORE_FIELD_RSHIFT_U64,
};

static void yes_counts(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(FIELD_KINDS) / sizeof(FIELD_KINDS[0]); i++) {
		expect_field("whole", NULL, "0:0", FIELD_KINDS[i], ANSWERED, true);
		expect_field("whole___old", NULL, "0:0", FIELD_KINDS[i], ANSWERED, true);
		expect_field(NULL, "whole_t", "0:0", FIELD_KINDS[i], ANSWERED, true);
	}
	expect_field("whole", NULL, "0", BPF_CORE_TYPE_EXISTS, ANSWERED, true);
	expect_field("whole", NULL, "0", BPF_CORE_TYPE_SIZE, ANSWERED, true);
	expect_field("whole", NULL, "0", BPF_CORE_TYPE_ID_TARGET, ANSWERED, true);
	expect_enum("whole_enum", NULL, "0", BPF_CORE_ENUMVAL_EXISTS, ANSWERED, true);
	expect_enum("whole_enum", NULL, "0", BPF_CORE_ENUMVAL_VALUE, ANSWERED, true);
	expect_enum("whole_enum", NULL, "0", BPF_CORE_TYPE_EXISTS, ANSWERED, true);
}

/* "Not there" of a struct or an enum that is there with all that it has. */
static void no_counts_of_what_is_whole(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(FIELD_KINDS) / sizeof(FIELD_KINDS[0]); i++) {
		const uint8_t no = FIELD_KINDS[i] == BPF_CORE_FIELD_EXISTS ? ANSWERED_ABSENT :
				   ANSWERED_POISON;

		expect_field("whole", NULL, "0:1", FIELD_KINDS[i], no, true);
		expect_field(NULL, "whole_t", "0:1", FIELD_KINDS[i], no, true);
		expect_field("hidden", NULL, "0:1", FIELD_KINDS[i], no, false);
		expect_field("unheard_of", NULL, "0:1", FIELD_KINDS[i], no, false);
		/* The typedef is there, and what it names is not: libbpf does not get as far. */
		expect_field(NULL, "hidden_t", "0:1", FIELD_KINDS[i], ANSWERED_ERROR, false);
	}
	expect_enum("whole_enum", NULL, "1", BPF_CORE_ENUMVAL_EXISTS, ANSWERED_ABSENT, true);
	expect_enum("whole_enum", NULL, "1", BPF_CORE_ENUMVAL_VALUE, ANSWERED_POISON, true);
	expect_enum(NULL, "whole_enum_t", "1", BPF_CORE_ENUMVAL_EXISTS, ANSWERED_ABSENT, true);
	expect_enum("hidden_enum", NULL, "1", BPF_CORE_ENUMVAL_EXISTS, ANSWERED_ABSENT, false);
	expect_enum("hidden_enum", NULL, "1", BPF_CORE_ENUMVAL_VALUE, ANSWERED_POISON, false);
	expect_enum(NULL, "hidden_enum_t", "1", BPF_CORE_ENUMVAL_EXISTS, ANSWERED_ABSENT, false);
	expect_enum("unheard_of", NULL, "1", BPF_CORE_ENUMVAL_EXISTS, ANSWERED_ABSENT, false);
}

/* A type that is not there may be in the kernel, whatever is asked about it. */
static void no_type_is_unknown(void **state)
{
	(void)state;
	expect_field("hidden", NULL, "0", BPF_CORE_TYPE_EXISTS, ANSWERED_ABSENT, false);
	expect_field("hidden", NULL, "0", BPF_CORE_TYPE_SIZE, ANSWERED_ABSENT, false);
	expect_field("unheard_of", NULL, "0", BPF_CORE_TYPE_EXISTS, ANSWERED_ABSENT, false);
	expect_field("unheard_of", NULL, "0", BPF_CORE_TYPE_ID_TARGET, ANSWERED_ABSENT, false);
	/* A typedef is there, of a struct that is declared only. */
	expect_field(NULL, "hidden_t", "0", BPF_CORE_TYPE_EXISTS, ANSWERED_ABSENT, false);
	/* Of that name is an enum. */
	expect_field("whole_enum", NULL, "0", BPF_CORE_TYPE_EXISTS, ANSWERED_ABSENT, false);
}

/* What pointers lead to is compared, too, and that may be declared only. */
static void no_match_is_unknown(void **state)
{
	(void)state;
	expect_field("whole", NULL, "0", BPF_CORE_TYPE_MATCHES, ANSWERED_ABSENT, false);
	expect_field("unheard_of", NULL, "0", BPF_CORE_TYPE_MATCHES, ANSWERED_ABSENT, false);
}

/* Of two, one may be the kernel's and the other not. */
static void errors_are_unknown(void **state)
{
	struct error err = ERROR_NONE;
	struct answers answers;
	struct asker asker;
	struct part part;
	bool known[RELO_LIMIT];
	int i;

	(void)state;
	begin(&asker);
	ask(&asker, add_struct(&asker, "whole", NULL), "0:0", BPF_CORE_FIELD_BYTE_OFFSET);
	finish(&asker);
	make_part(&part);
	btf_view_close(&part.view);
	i = btf__find_by_name_kind(part.btf, "int", BTF_KIND_INT);
	btf__add_struct(part.btf, "whole", 8);
	btf__add_field(part.btf, "there", i, 32, 0);
	assert_int_equal(btf_view_open(&part.view, raw_of(part.btf), &err), 0);
	assert_int_equal(answers_resolve(asker.set, &part.view, &answers, &err), 0);
	assert_int_equal(answers.states[0], ANSWERED_ERROR);
	assert_int_equal(partial_known(asker.set, &part.view, &answers, known), 1);
	assert_false(known[0]);
	answers_free(&answers);
	free_part(&part);
	end(&asker);
}

/* What no kernel can answer is no reason to look for another BTF. */
static void what_libbpf_refuses_is_known(void **state)
{
	struct asker asker;
	int i, array, type;

	(void)state;
	begin(&asker);
	i = btf__add_int(asker.btf, "int", 4, BTF_INT_SIGNED);
	array = btf__add_array(asker.btf, i, i, 4);
	type = btf__add_struct(asker.btf, "unheard_of", 16);
	btf__add_field(asker.btf, "numbers", array, 0, 0);
	/* The sign of an element. */
	ask(&asker, type, "0:0:1", BPF_CORE_FIELD_SIGNED);
	expect(&asker, ANSWERED_ERROR, true);
}

/* Each name and kind that is asked about, once; the names are without flavour. */
static void roots(void **state)
{
	static const char *const WHOLE[] = { "whole", "whole_enum", "whole_enum_t", "whole_t" };
	static const char *const HIDDEN[] = { "hidden", "hidden_enum", "hidden_enum_t", "hidden_t",
					      "unheard_of" };
	struct asker asker;
	struct part part;
	size_t i, j, whole = 0, hidden = 0;

	(void)state;
	begin(&asker);
	ask(&asker, add_struct(&asker, "whole", NULL), "0:0", BPF_CORE_FIELD_BYTE_OFFSET);
	ask(&asker, add_struct(&asker, "whole___new", NULL), "0:1", BPF_CORE_FIELD_EXISTS);
	ask(&asker, add_struct(&asker, NULL, "whole_t"), "0:0", BPF_CORE_FIELD_EXISTS);
	ask(&asker, add_struct(&asker, "hidden", "hidden_t"), "0:0", BPF_CORE_FIELD_EXISTS);
	ask(&asker, add_struct(&asker, "hidden", NULL), "0:0", BPF_CORE_FIELD_EXISTS);
	ask(&asker, add_struct(&asker, "unheard_of", NULL), "0:0", BPF_CORE_FIELD_EXISTS);
	ask(&asker, add_enum(&asker, "whole_enum", NULL), "0", BPF_CORE_ENUMVAL_VALUE);
	ask(&asker, add_enum(&asker, "whole_enum", "whole_enum_t"), "0", BPF_CORE_ENUMVAL_VALUE);
	ask(&asker, add_enum(&asker, "hidden_enum", NULL), "0", BPF_CORE_ENUMVAL_VALUE);
	ask(&asker, add_enum(&asker, "hidden_enum", "hidden_enum_t"), "0", BPF_CORE_ENUMVAL_VALUE);
	finish(&asker);
	make_part(&part);
	for (i = 0; i < partial_root_count(asker.set); i++) {
		struct partial_root root = partial_root(asker.set, i);
		const bool is_whole = partial_has_root(asker.set, i, &part.view);
		const char *const *names = is_whole ? WHOLE : HIDDEN;
		const size_t count = is_whole ? 4 : 5;

		for (j = 0; j < count; j++)
			if (strlen(names[j]) == root.name_length &&
			    !memcmp(names[j], root.name, root.name_length))
				break;
		if (j == count)
			fail_msg("%.*s: %s", (int)root.name_length, root.name, is_whole ? "whole" : "not");
		whole += is_whole;
		hidden += !is_whole;
	}
	assert_int_equal(whole, 4);
	assert_int_equal(hidden, 5);
	free_part(&part);
	end(&asker);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(yes_counts),
		cmocka_unit_test(no_counts_of_what_is_whole),
		cmocka_unit_test(no_type_is_unknown),
		cmocka_unit_test(no_match_is_unknown),
		cmocka_unit_test(errors_are_unknown),
		cmocka_unit_test(what_libbpf_refuses_is_known),
		cmocka_unit_test(roots),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
