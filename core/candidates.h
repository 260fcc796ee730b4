/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The candidates that a kernel has for each group of questions, and what each answers: a table with
 * a row for a candidate and a column for a question.  Everything that libbpf can make of the group,
 * in any order and for any subset of its relocations, follows from that table; so it is the table,
 * not single answers, that two kernels of one class have in common.
 *
 * libbpf drops candidates as it goes: after a relocation only those stay that matched.  Rows that
 * cannot show in any such sequence are taken out (see candidates.c).  core/ only.
 */
#ifndef CORE_CANDIDATES_H
#define CORE_CANDIDATES_H

#include "core/marks.h"
#include "core/question.h"

/* One candidate's answer to one question. */
struct cell {
	uint64_t value;
	uint32_t bit_offset;     /* several candidates must agree on it */
	uint32_t size_whole, size_element;
	int32_t error;           /* negative errno: libbpf gives up on the object */
	uint8_t matched;
	uint8_t no_resize_whole, no_resize_element; /* a load of another size cannot be adjusted */
};

struct candidates {
	const struct group *group;
	uint32_t *types;         /* ids, in the order in which libbpf meets them */
	struct cell *cells;      /* count rows of group->count cells */
	size_t count, capacity;
};

/*
 * More types of one name than any kernel has (Debian's 5.10 to 7.3: 3). Rows are compared with
 * each other, so a hostile BTF could take hours.
 */
enum { CANDIDATES_LIMIT = 512 };

/*
 * Gives one table for each group of set, in its order; candidates_free() frees. -ENOTSUP: more than
 * CANDIDATES_LIMIT types of one name.
 */
int candidates_find(const struct reloset *set, const struct btf_view *kernel,
		    struct candidates **out, struct error *err);
void candidates_free(struct candidates *tables, size_t count);

/* Notes in marks all that the rows that are left, and what keeps its name with them, looked at. */
void candidates_mark(const struct reloset *set, const struct candidates *tables,
		     const struct btf_view *kernel, struct marks *marks);

/* Digest of all tables: the kernel's class. */
struct digest candidates_class(const struct reloset *set, const struct candidates *tables);

/* True when both tables say the same to question column, in each row that says anything. */
bool candidates_agree(const struct candidates *a, const struct candidates *b, size_t column);

/* The outcome of question column when it is the only one asked: an enum answer_state. */
int candidates_outcome(const struct candidates *table, const struct question *question,
		       size_t column);

#endif
