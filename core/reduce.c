/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>

#include "core/emit.h"
#include "core/reduce.h"

static int record(const struct reloset *set, const struct candidates *tables, struct answers *out)
{
	size_t i, column;

	out->class = candidates_class(set, tables);
	out->count = set->question_count;
	out->states = calloc(out->count ? out->count : 1, sizeof(*out->states));
	if (!out->states)
		return -ENOMEM;
	for (i = 0; i < set->group_count; i++)
		for (column = 0; column < set->groups[i].count; column++) {
			size_t question = set->groups[i].first + column;

			out->states[question] = (uint8_t)candidates_outcome(
				&tables[i], &set->questions[question], column);
		}
	return 0;
}

int answers_resolve(const struct reloset *set, const struct btf_view *kernel, struct answers *out,
		    struct error *err)
{
	struct candidates *tables;
	int code = candidates_find(set, kernel, &tables, err);

	if (code)
		return code;
	code = record(set, tables, out);
	candidates_free(tables, set->group_count);
	return code ? error_errno(err, code, "resolving relocations") : 0;
}

void answers_free(struct answers *answers)
{
	free(answers->states);
	*answers = (struct answers){ 0 };
}

/* The roots of a reduction have names, by which they are found. */
static void mark_roots(const struct reloset *set, const struct candidates *tables,
		       struct marks *marks)
{
	size_t i, row;

	for (i = 0; i < set->group_count; i++)
		for (row = 0; row < tables[i].count; row++)
			marks_attribute(marks, tables[i].types[row], MARK_NAME);
}

/*
 * All that makes libbpf take the same word for a pointer's size: the first integer that is named
 * like C's long and is one by its size.  Whatever else stays under such a name keeps its size, so
 * that it neither becomes one nor contradicts.
 */
static void mark_long(const struct btf_view *kernel, struct marks *marks)
{
	size_t i;

	if (!marks->pointer_size)
		return;
	if (kernel->long_type)
		marks_attribute(marks, kernel->long_type, MARK_NAME | MARK_SIZE | MARK_SIGN);
	for (i = 0; i < marks->count; i++) {
		struct btf_info t = btf_view_type(kernel, marks->marks[i].type);

		if (t.kind == BTF_KIND_INT && btf_name_is_long(btf_view_string(kernel, t.name_off)))
			marks->marks[i].attributes |= MARK_SIZE;
	}
}

static int emit_marked(const struct reloset *set, const struct candidates *tables,
		       const struct btf_view *kernel, struct buffer *out)
{
	struct marks marks;
	int code = marks_init(&marks, kernel);

	if (code)
		return code;
	mark_roots(set, tables, &marks);
	candidates_mark(set, tables, kernel, &marks);
	mark_long(kernel, &marks);
	code = marks.failed ? -ENOMEM : emit_btf(set, tables, kernel, &marks, out);
	marks_free(&marks);
	return code;
}

/* Object, program and field of the first relocation to which the two say different things. */
static int name_difference(const struct reloset *set, const struct candidates *tables,
			   const struct candidates *found, struct error *err)
{
	const char *object, *program;
	char text[256];
	size_t i, column;

	for (i = 0; i < set->group_count; i++)
		for (column = 0; column < set->groups[i].count; column++) {
			if (candidates_agree(&tables[i], &found[i], column))
				continue;
			reloset_first_use(set, set->groups[i].first + column, &object, &program);
			reloset_describe(set, set->groups[i].first + column, text, sizeof(text));
			return error_set(err, -EPROTO, "the reduced BTF would answer differently: %s: "
					 "program %s: %s", object, program, text);
		}
	return error_set(err, -EPROTO, "the reduced BTF would answer differently");
}

/* Asks the result everything that the kernel was asked; tables are the kernel's answers. */
static int read_back(const struct reloset *set, const struct candidates *tables,
		     struct slice reduced, const struct answers *expected, struct error *err)
{
	struct digest class;
	struct candidates *found;
	struct btf_view view;
	int code = btf_view_open(&view, reduced, err);

	if (code)
		return error_wrap(err, "reading back the reduced BTF");
	code = candidates_find(set, &view, &found, err);
	if (!code) {
		class = candidates_class(set, found);
		if (digest_compare(&class, &expected->class) != 0)
			code = name_difference(set, tables, found, err);
		candidates_free(found, set->group_count);
	}
	btf_view_close(&view);
	return code;
}

int reduce_kernel(const struct reloset *set, const struct btf_view *kernel, bool verify,
		  struct buffer *out, struct answers *answers, struct error *err)
{
	size_t start = out->size;
	struct candidates *tables;
	int code;

	*answers = (struct answers){ 0 };
	code = candidates_find(set, kernel, &tables, err);
	if (code)
		return code;
	code = record(set, tables, answers);
	if (!code)
		code = emit_marked(set, tables, kernel, out);
	if (code)
		error_errno(err, code, "reducing");
	else if (verify)
		code = read_back(set, tables, slice_of(out->data + start, out->size - start), answers,
				 err);
	candidates_free(tables, set->group_count);
	if (code) {
		out->size = start;
		answers_free(answers);
	}
	return code;
}
