/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/candidates.h"
#include "core/match.h"
#include "core/name_index.h"
#include "core/reduce.h"

/*
 * libbpf changes the size of a load together with its offset only for pointers and for integers
 * without a sign, where zero-extension gives the same value.
 */
static bool may_resize(const struct question *question, const struct spec *target, uint32_t type)
{
	struct btf_info from = btf_view_type(question->spec.btf, question->local.type);
	struct btf_info to = btf_view_type(target->btf, type);

	if (from.kind == BTF_KIND_PTR && to.kind == BTF_KIND_PTR)
		return true;
	return from.kind == BTF_KIND_INT && to.kind == BTF_KIND_INT &&
	       (btf_info_int(&from) >> 24 & 0xf) != BTF_INT_SIGNED &&
	       (btf_info_int(&to) >> 24 & 0xf) != BTF_INT_SIGNED;
}

static void answer(const struct question *question, const struct btf_view *kernel, uint32_t id,
		   size_t row, struct marks *marks, struct cell *cell)
{
	struct spec_value value;
	struct spec target;
	int found = match(&question->spec, kernel, id, &target, marks);

	*cell = (struct cell){ .matched = found != 0, .error = found < 0 ? found : 0 };
	if (found <= 0)
		return;
	cell->error = question->local_error ? question->local_error : spec_value(&target, &value);
	if (cell->error)
		return;
	/* a type id says only which candidate it is: ids differ from BTF to BTF */
	cell->value = question->spec.kind == BPF_CORE_TYPE_ID_TARGET ? row : value.value;
	cell->bit_offset = target.bit_offset;
	cell->size_whole = value.size_whole;
	cell->size_element = value.size_element;
	if (value.size_whole != question->local.size_whole)
		cell->no_resize_whole = !may_resize(question, &target, value.type);
	if (value.size_element != question->local.size_element)
		cell->no_resize_element = !may_resize(question, &target, value.type);
}

static bool cells_equal(const struct cell *a, const struct cell *b)
{
	return a->matched == b->matched && a->error == b->error && a->value == b->value &&
	       a->bit_offset == b->bit_offset && a->size_whole == b->size_whole &&
	       a->size_element == b->size_element && a->no_resize_whole == b->no_resize_whole &&
	       a->no_resize_element == b->no_resize_element;
}

/* True when every match of row b is one of row a, too, with the same answer. */
static bool dominates(const struct cell *a, const struct cell *b, size_t columns)
{
	size_t i;

	for (i = 0; i < columns; i++)
		if (b[i].matched && !cells_equal(&a[i], &b[i]))
			return false;
	return true;
}

/* Shows which of two matches comes first; values that differ are an error either way. */
static bool order_shows(const struct cell *a, const struct cell *b)
{
	if (!a->matched || !b->matched || cells_equal(a, b))
		return false;
	return a->error || b->error || (a->value == b->value && a->bit_offset == b->bit_offset);
}

/*
 * libbpf takes sizes and errors from the first of the matches.  So a later row cannot stand in for
 * row b where one between them, not taken out yet, would then come first and says otherwise.
 */
static bool order_shows_between(const struct candidates *table, const bool *out, size_t b,
				size_t later)
{
	size_t columns = table->group->count, row, i;

	for (row = b + 1; row < later; row++)
		for (i = 0; !out[row] && i < columns; i++)
			if (order_shows(table->cells + b * columns + i, table->cells + row * columns + i))
				return true;
	return false;
}

/* True when another row, not taken out yet, says all that row i does. */
static bool spoken_for(const struct candidates *table, const bool *out, size_t i)
{
	size_t columns = table->group->count, j;
	const struct cell *row = table->cells + i * columns;

	for (j = 0; j < table->count; j++) {
		const struct cell *other = table->cells + j * columns;

		if (j == i || out[j] || !dominates(other, row, columns))
			continue;
		if (j < i || (!dominates(row, other, columns) && !order_shows_between(table, out, i, j)))
			return true;
	}
	return false;
}

/*
 * Takes out rows that no sequence of relocations can show. If each match of a row b is a match
 * of another row a with the same answer, then a is alive whenever b is: only a relocation that
 * b matches and a does not could have dropped a alone, and there is none. So whatever b would
 * say, a says. A row without any match says nothing. Of two equal rows the first stays. A row
 * that is out can free others, hence the repetition: in the end no row is left that could go.
 */
static bool prune(struct candidates *table)
{
	size_t columns = table->group->count, kept = 0, i, j;
	bool *out = calloc(table->count ? table->count : 1, sizeof(*out));
	bool changed = true;

	if (!out)
		return false;
	for (i = 0; i < table->count; i++) {
		const struct cell *row = table->cells + i * columns;

		for (j = 0; j < columns && !row[j].matched; j++)
			;
		out[i] = j == columns;
	}
	while (changed) {
		changed = false;
		for (i = 0; i < table->count; i++)
			if (!out[i] && spoken_for(table, out, i))
				changed = out[i] = true;
	}
	for (i = 0; i < table->count; i++) {
		if (out[i])
			continue;
		table->types[kept] = table->types[i];
		memmove(table->cells + kept * columns, table->cells + i * columns,
			columns * sizeof(*table->cells));
		kept++;
	}
	table->count = kept;
	free(out);
	return true;
}

static bool fill(struct candidates *table, const struct reloset *set, const struct btf_view *kernel)
{
	size_t columns = table->group->count, row, column;

	if (table->count == 0)
		return true;
	/* CANDIDATES_LIMIT bounds the rows; calloc(3) sees to the product with the columns. */
	table->cells = calloc(columns, table->count * sizeof(*table->cells));
	if (!table->cells)
		return false;
	for (row = 0; row < table->count; row++)
		for (column = 0; column < columns; column++)
			answer(&set->questions[table->group->first + column], kernel, table->types[row], row,
			       NULL, &table->cells[row * columns + column]);
	if (!prune(table))
		return false;
	/* type ids again, now as the place among the rows that are left */
	for (row = 0; row < table->count; row++)
		for (column = 0; column < columns; column++)
			if (set->questions[table->group->first + column].spec.kind == BPF_CORE_TYPE_ID_TARGET)
				table->cells[row * columns + column].value = row;
	return true;
}

static int find_all(const struct reloset *set, const struct btf_view *kernel,
		    struct candidates *tables, struct error *err)
{
	size_t i;

	for (i = 0; i < set->group_count; i++)
		tables[i].group = &set->groups[i];
	if (!name_index_collect(set, kernel, tables))
		return error_errno(err, -ENOMEM, "resolving relocations");
	for (i = 0; i < set->group_count; i++) {
		if (tables[i].count > CANDIDATES_LIMIT)
			return error_set(err, -ENOTSUP,
					 "BTF: %zu types are named %.*s; more than %d are not taken",
					 tables[i].count, (int)set->groups[i].name_length,
					 set->groups[i].name, CANDIDATES_LIMIT);
		if (!fill(&tables[i], set, kernel))
			return error_errno(err, -ENOMEM, "resolving relocations");
	}
	return 0;
}

int candidates_find(const struct reloset *set, const struct btf_view *kernel,
		    struct candidates **out, struct error *err)
{
	struct candidates *tables = calloc(set->group_count + 1, sizeof(*tables));
	int code;

	*out = NULL;
	if (!tables)
		return error_errno(err, -ENOMEM, "resolving relocations");
	code = find_all(set, kernel, tables, err);
	if (code)
		candidates_free(tables, set->group_count);
	else
		*out = tables;
	return code;
}

void candidates_free(struct candidates *tables, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		free(tables[i].types);
		free(tables[i].cells);
	}
	free(tables);
}

/* Asks a candidate all questions of its group, for what they look at. */
static void mark_candidate(const struct reloset *set, const struct group *group,
			   const struct btf_view *kernel, uint32_t id, struct marks *marks)
{
	struct cell cell;
	size_t column;

	for (column = 0; column < group->count; column++)
		answer(&set->questions[group->first + column], kernel, id, 0, marks, &cell);
	marks_attribute(marks, id, MARK_ASKED);
}

static void mark_namesake(const struct reloset *set, const struct btf_view *kernel, uint32_t id,
			  struct marks *marks)
{
	struct btf_info t = btf_view_type(kernel, id);
	const char *name = btf_view_string(kernel, t.name_off);
	size_t length = essential_length(name), i;

	marks_attribute(marks, id, MARK_ASKED);
	for (i = 0; i < set->group_count; i++) {
		const struct group *group = &set->groups[i];

		if (group->name_length == length && kinds_compatible(group->kind, t.kind) &&
		    memcmp(group->name, name, length) == 0)
			mark_candidate(set, group, kernel, id, marks);
	}
}

/*
 * A type that is no row, but stays because a row refers to it, is a candidate in the result when
 * its name stays: it must go on saying what made it needless.  Asking it can make names stay.
 */
static void mark_namesakes(const struct reloset *set, const struct btf_view *kernel,
			   struct marks *marks)
{
	bool more = true;
	size_t i;

	while (more) {
		more = false;
		for (i = 0; i < marks->count; i++) {
			uint32_t attributes = marks->marks[i].attributes;

			if (!(attributes & MARK_NAME) || attributes & MARK_ASKED)
				continue;
			mark_namesake(set, kernel, marks->marks[i].type, marks);
			more = true;
		}
	}
}

void candidates_mark(const struct reloset *set, const struct candidates *tables,
		     const struct btf_view *kernel, struct marks *marks)
{
	size_t i, row;

	for (i = 0; i < set->group_count; i++)
		for (row = 0; row < tables[i].count; row++)
			mark_candidate(set, &set->groups[i], kernel, tables[i].types[row], marks);
	mark_namesakes(set, kernel, marks);
}

struct digest candidates_class(const struct reloset *set, const struct candidates *tables)
{
	struct digest_state state;
	uint8_t bytes[40];
	size_t i, at;

	digest_init(&state);
	for (i = 0; i < set->group_count; i++) {
		const struct candidates *table = &tables[i];

		store_le64(bytes, table->count);
		digest_update(&state, bytes, 8);
		for (at = 0; at < table->count * table->group->count; at++) {
			const struct cell *cell = &table->cells[at];

			store_le64(bytes, cell->value);
			/* libbpf compares bit offsets only where there is more than one candidate */
			store_le32(bytes + 8, table->count > 1 ? cell->bit_offset : 0);
			store_le32(bytes + 12, cell->size_whole);
			store_le32(bytes + 16, cell->size_element);
			store_le32(bytes + 20, (uint32_t)cell->error);
			store_le32(bytes + 24, cell->matched);
			store_le32(bytes + 28, cell->no_resize_whole);
			store_le32(bytes + 32, cell->no_resize_element);
			digest_update(&state, bytes, 36);
		}
	}
	return digest_final(&state);
}

bool candidates_agree(const struct candidates *a, const struct candidates *b, size_t column)
{
	size_t columns = a->group->count, row;
	struct cell x, y;

	for (row = 0; row < a->count || row < b->count; row++) {
		x = row < a->count ? a->cells[row * columns + column] : (struct cell){ 0 };
		y = row < b->count ? b->cells[row * columns + column] : (struct cell){ 0 };
		/* as candidates_class() has it */
		if (a->count == b->count && a->count == 1)
			x.bit_offset = y.bit_offset = 0;
		if (!cells_equal(&x, &y))
			return false;
	}
	return true;
}

int candidates_outcome(const struct candidates *table, const struct question *question,
		       size_t column)
{
	const struct cell *first = NULL;
	size_t row;

	if (question->local_error)
		return ANSWERED_ERROR;
	for (row = 0; row < table->count; row++) {
		const struct cell *cell = &table->cells[row * table->group->count + column];

		if (!cell->matched)
			continue;
		if (cell->error)
			return ANSWERED_ERROR;
		if (first && (first->bit_offset != cell->bit_offset || first->value != cell->value))
			return ANSWERED_ERROR;
		first = first ? first : cell;
	}
	if (first)
		return ANSWERED;
	switch (question->spec.kind) {
	case BPF_CORE_FIELD_EXISTS:
	case BPF_CORE_TYPE_EXISTS:
	case BPF_CORE_TYPE_MATCHES:
	case BPF_CORE_TYPE_SIZE:
	case BPF_CORE_TYPE_ID_TARGET:
	case BPF_CORE_ENUMVAL_EXISTS:
		return ANSWERED_ABSENT;
	default:
		return ANSWERED_POISON;
	}
}
