/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Three claims are tried.  A reduced BTF answers as the full one does: each relocation asked alone,
 * all of them in order, and any of them in any order, for programs can be switched off.  What
 * core/ itself makes of the full BTF, from its table of candidates, is what libbpf does.  And the
 * reduced BTF of one kernel serves every kernel of the same class.
 */
#include <err.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/libbpf.h>

#include "core/candidates.h"
#include "core/reduce.h"
#include "tests/oracle/judge.h"
#include "tests/oracle/relos.h"
#include "tests/oracle/verdict.h"

enum { ACCESS_SIZE = 64, SEQUENCES = 2 };

/* The object, as core/ and as libbpf want it. */
struct asker {
	struct btf *btf;
	struct object object;
	struct object_relo relos[TRIAL_RELOS];
	struct bpf_core_relo records[TRIAL_RELOS];
	char access[TRIAL_RELOS][ACCESS_SIZE];
	int columns[TRIAL_RELOS];  /* of each relocation in its group's table; -1: asks nothing */
	int groups[TRIAL_RELOS];
	struct reloset *set;
};

struct kernel {
	struct btf *btf;
	struct btf_view view;
	struct buffer reduced;
	struct answers answers;
};

struct report {
	char *why;
	size_t size;
	struct tally *tally;
};

static struct slice raw_of(const struct btf *btf)
{
	uint32_t size;
	const void *data = btf__raw_data(btf, &size);

	return slice_of(data, size);
}

static void write_access(const struct relo *relo, char text[static ACCESS_SIZE])
{
	size_t used = 0;

	for (int i = 0; i < relo->step_count; i++)
		used += (size_t)snprintf(text + used, ACCESS_SIZE - used, "%s%d", i ? ":" : "",
					 relo->steps[i]);
}

/* The place of each relocation's question in the tables. */
static bool find_columns(struct asker *asker)
{
	const struct reloset *set = asker->set;

	for (size_t i = 0; i < asker->object.relo_count; i++) {
		const struct object_relo *relo = &asker->relos[i];
		struct question question = { 0 };
		asker->columns[i] = -1;
		if (relo->kind == BPF_CORE_TYPE_ID_LOCAL)
			continue;
		if (spec_parse(&asker->object.btf, relo->type, relo->kind, relo->access,
			       &question.spec))
			return false;
		question.local_error = spec_value(&question.spec, &question.local);
		if (question_identify(&question))
			return false;
		for (size_t g = 0; g < set->group_count; g++)
			for (size_t c = 0; c < set->groups[g].count; c++)
				if (!digest_compare(&question.id,
						    &set->questions[set->groups[g].first + c].id)) {
					asker->groups[i] = (int)g;
					asker->columns[i] = (int)c;
				}
		if (asker->columns[i] < 0)
			return false;
	}
	return true;
}

static bool asker_open(struct asker *asker, const struct trial *trial)
{
	struct object *objects[] = { &asker->object };
	struct error err = ERROR_NONE;
	uint32_t ids[GRAPH_TYPES];

	*asker = (struct asker){ .btf = graph_btf(&trial->local, ids) };
	asker->object = (struct object){ .name = "trial", .has_btf = true, .relos = asker->relos,
					 .relo_count = (size_t)trial->relo_count };
	for (int i = 0; i < trial->relo_count; i++) {
		const struct relo *relo = &trial->relos[i];
		write_access(relo, asker->access[i]);
		asker->relos[i] = (struct object_relo){
			.type = ids[relo->root], .kind = relo->kind, .access = asker->access[i],
			.program = OBJECT_SUBPROGRAM,
		};
		int access_at = btf__add_str(asker->btf, asker->access[i]);
		asker->records[i] = (struct bpf_core_relo){
			.type_id = ids[relo->root], .kind = relo->kind,
			.access_str_off = (uint32_t)access_at,
		};
	}
	return btf_view_open(&asker->object.btf, raw_of(asker->btf), &err) == 0 &&
	       reloset_create(objects, 1, &asker->set, &err) == 0 && find_columns(asker);
}

static void asker_close(struct asker *asker)
{
	reloset_destroy(asker->set);
	btf_view_close(&asker->object.btf);
	btf__free(asker->btf);
}

static bool kernel_open(struct kernel *kernel, const struct asker *asker,
			const struct graph *graph, struct report *report)
{
	struct error err = ERROR_NONE;
	uint32_t ids[GRAPH_TYPES];

	*kernel = (struct kernel){ .btf = graph_btf(graph, ids) };
	if (btf_view_open(&kernel->view, raw_of(kernel->btf), &err) == 0 &&
	    reduce_kernel(asker->set, &kernel->view, true, &kernel->reduced, &kernel->answers,
			  &err) == 0)
		return true;
	snprintf(report->why, report->size, "reduction fails: %s", err.text);
	return false;
}

static void kernel_close(struct kernel *kernel)
{
	answers_free(&kernel->answers);
	buffer_free(&kernel->reduced);
	btf_view_close(&kernel->view);
	btf__free(kernel->btf);
}

static void put_answer(char *text, size_t size, const struct answer *answer)
{
	const struct bpf_core_relo_res *r = &answer->result;

	if (answer->error)
		snprintf(text, size, "error %d", answer->error);
	else
		snprintf(text, size, "%s%llu -> %llu, size %u -> %u%s%s", r->poison ? "poison, " : "",
			 r->orig_val, r->new_val, r->orig_sz, r->new_sz,
			 r->validate ? "" : ", not validated",
			 r->fail_memsz_adjust ? ", memory size fails" : "");
}

static bool differs(const struct report *report, size_t relo, const char *manner,
		    const struct answer *full, const struct answer *other, const char *whose)
{
	char a[160], b[160];

	put_answer(a, sizeof(a), full);
	put_answer(b, sizeof(b), other);
	snprintf(report->why, report->size, "relocation %zu, %s: full BTF: %s; %s: %s", relo, manner, a,
		 whose, b);
	return false;
}

/* Since 1.6 the size of a load from an array is that of an element; before, that of the array. */
static bool libbpf_loads_elements(void)
{
	return libbpf_major_version() > 1 || libbpf_minor_version() >= 6;
}

/* What core/ makes of a relocation with the candidates alive; drops those without match. */
static struct answer own_answer(const struct candidates *table, const struct question *question,
				size_t column, bool *alive)
{
	const struct cell *first = NULL;
	struct answer answer = { .error = question->local_error };

	for (size_t row = 0; row < table->count && !answer.error; row++) {
		const struct cell *cell = &table->cells[row * table->group->count + column];
		if (!alive[row] || !cell->matched)
			continue;
		if (cell->error)
			answer.error = cell->error;
		else if (first && (first->bit_offset != cell->bit_offset ||
				   first->value != cell->value))
			answer.error = -EINVAL;
		first = first ? first : cell;
	}
	if (answer.error)
		return answer;
	for (size_t row = 0; row < table->count && first; row++)
		alive[row] &= table->cells[row * table->group->count + column].matched != 0;
	if (first) {
		bool element = libbpf_loads_elements();
		answer.result.new_val = first->value;
		answer.result.new_sz = element ? first->size_element : first->size_whole;
		answer.result.fail_memsz_adjust = element ? first->no_resize_element
							  : first->no_resize_whole;
	} else if (relo_is_field(question->spec.kind)) {
		answer.result.poison = question->spec.kind != BPF_CORE_FIELD_EXISTS;
	} else {
		answer.result.poison = question->spec.kind == BPF_CORE_ENUMVAL_VALUE;
	}
	return answer;
}

static bool own_agrees(const struct answer *libbpf, const struct answer *own, uint32_t kind)
{
	const struct bpf_core_relo_res *a = &libbpf->result, *b = &own->result;

	if (libbpf->error || own->error)
		return !libbpf->error == !own->error;
	if (a->poison || b->poison)
		return a->poison == b->poison;
	return (kind == BPF_CORE_TYPE_ID_TARGET || a->new_val == b->new_val) &&
	       a->fail_memsz_adjust == b->fail_memsz_adjust && a->new_sz == b->new_sz;
}

/* A sequence of relocations: all in order, or some in any order. */
struct sequence {
	size_t count;
	size_t relos[TRIAL_RELOS];
};

static struct sequence in_order(const struct asker *asker)
{
	struct sequence sequence = { .count = asker->object.relo_count };

	for (size_t i = 0; i < sequence.count; i++)
		sequence.relos[i] = i;
	return sequence;
}

static struct sequence at_random(const struct asker *asker, uint64_t *state)
{
	struct sequence sequence = in_order(asker);

	for (size_t i = sequence.count; i > 1; i--) {
		size_t other = pick(state, (uint32_t)i), before = sequence.relos[i - 1];
		sequence.relos[i - 1] = sequence.relos[other];
		sequence.relos[other] = before;
	}
	sequence.count = 1 + pick(state, (uint32_t)sequence.count);
	return sequence;
}

static void count(struct tally *tally, const struct answer *answer)
{
	if (!tally)
		return;
	tally->asked++;
	if (answer->error)
		tally->refused++;
	else if (answer->result.poison)
		tally->poisoned++;
	else if (answer->result.new_val == 0)
		tally->absent++;
	else
		tally->patched++;
}

static bool same_alone(const struct asker *asker, struct side sides[2], struct report *report,
		       const char *whose)
{
	for (size_t i = 0; i < asker->object.relo_count; i++) {
		const struct bpf_core_relo *relo = &asker->records[i];
		struct answer full = side_ask_fresh(&sides[0], asker->btf, relo, 0);
		struct answer other = side_ask_fresh(&sides[1], asker->btf, relo, 0);
		if (!answers_agree(&full, &other, relo->kind))
			return differs(report, i, "asked alone", &full, &other, whose);
		count(report->tally, &full);
	}
	return true;
}

static bool same_in_sequence(const struct asker *asker, struct side sides[2],
			     const struct sequence *sequence, struct report *report,
			     const char *whose)
{
	char manner[64] = "in the order";

	side_start_over(&sides[0], asker->btf);
	side_start_over(&sides[1], asker->btf);
	for (size_t i = 0; i < sequence->count; i++) {
		size_t at = sequence->relos[i], used = strlen(manner);
		const struct bpf_core_relo *relo = &asker->records[at];
		struct answer full = side_ask_in_order(&sides[0], asker->btf, relo, 0);
		struct answer other = side_ask_in_order(&sides[1], asker->btf, relo, 0);
		snprintf(manner + used, sizeof(manner) - used, " %zu", at);
		if (!answers_agree(&full, &other, relo->kind))
			return differs(report, at, manner, &full, &other, whose);
	}
	return true;
}

static struct btf *read_btf(struct slice raw)
{
	struct btf *btf = btf__new(raw.data, (uint32_t)raw.size);

	if (!btf)
		err(2, "libbpf does not take a reduced BTF");
	return btf;
}

/* Full and reduced BTF, asked in every way. */
static bool same_answers(const struct asker *asker, const struct btf *full, struct slice reduced,
			 uint64_t seed, struct report *report, const char *whose)
{
	struct side sides[2];
	struct sequence sequence = in_order(asker);

	side_open(&sides[0], read_btf(raw_of(full)), asker->btf);
	side_open(&sides[1], read_btf(reduced), asker->btf);
	bool same = same_alone(asker, sides, report, whose) &&
		    same_in_sequence(asker, sides, &sequence, report, whose);
	for (int i = 0; i < SEQUENCES && same; i++) {
		sequence = at_random(asker, &seed);
		same = same_in_sequence(asker, sides, &sequence, report, whose);
	}
	side_close(&sides[0], asker->btf);
	side_close(&sides[1], asker->btf);
	return same;
}

/* libbpf prunes one list for each type of the object: so each has its own set of living rows. */
static bool *living_rows(size_t types, const struct candidates *tables, size_t groups,
			 size_t *stride)
{
	*stride = 1;
	for (size_t i = 0; i < groups; i++)
		if (*stride < tables[i].count)
			*stride = tables[i].count;
	bool *alive = malloc(types * *stride);
	if (!alive)
		errx(2, "out of memory");
	memset(alive, true, types * *stride);
	return alive;
}

static bool own_sequence(const struct asker *asker, const struct candidates *tables,
			 struct side *side, const struct sequence *sequence, struct report *report)
{
	const struct reloset *set = asker->set;
	size_t stride;
	bool same = true;
	bool *alive = living_rows(btf__type_cnt(asker->btf), tables, set->group_count, &stride);

	side_start_over(side, asker->btf);
	for (size_t i = 0; i < sequence->count && same; i++) {
		size_t at = sequence->relos[i];
		const struct bpf_core_relo *relo = &asker->records[at];
		struct answer theirs = side_ask_in_order(side, asker->btf, relo, 0);
		if (asker->columns[at] < 0)
			continue;
		const struct candidates *table = &tables[asker->groups[at]];
		size_t column = (size_t)asker->columns[at];
		struct answer own = own_answer(table, &set->questions[table->group->first + column],
					       column, alive + relo->type_id * stride);
		same = own_agrees(&theirs, &own, relo->kind) ||
		       differs(report, at, "in a sequence", &theirs, &own, "core/");
	}
	free(alive);
	return same;
}

static bool own_answers_right(const struct asker *asker, const struct kernel *kernel, uint64_t seed,
			      struct report *report)
{
	struct sequence sequence = in_order(asker);
	struct error err = ERROR_NONE;
	struct candidates *tables;
	struct side side;

	if (candidates_find(asker->set, &kernel->view, &tables, &err))
		errx(2, "%s", err.text);
	side_open(&side, read_btf(raw_of(kernel->btf)), asker->btf);
	bool same = own_sequence(asker, tables, &side, &sequence, report);
	for (int i = 0; i < SEQUENCES && same; i++) {
		sequence = at_random(asker, &seed);
		same = own_sequence(asker, tables, &side, &sequence, report);
	}
	for (size_t i = 0; i < asker->object.relo_count && same; i++) {
		sequence = (struct sequence){ .count = 1, .relos = { i } };
		same = own_sequence(asker, tables, &side, &sequence, report);
	}
	side_close(&side, asker->btf);
	candidates_free(tables, asker->set->group_count);
	return same;
}

static bool agrees(const struct asker *asker, const struct kernel kernels[2], uint64_t seed,
		   struct report *report)
{
	struct slice first = buffer_slice(&kernels[0].reduced);
	struct slice second = buffer_slice(&kernels[1].reduced);

	if (!same_answers(asker, kernels[0].btf, first, seed, report, "reduced") ||
	    !own_answers_right(asker, &kernels[0], seed, report))
		return false;
	if (digest_compare(&kernels[0].answers.class, &kernels[1].answers.class) != 0)
		return true;
	if (report->tally)
		report->tally->shared_classes++;
	return same_answers(asker, kernels[1].btf, first, seed, report, "reduced, first of the class") &&
	       same_answers(asker, kernels[0].btf, second, seed, report,
			    "reduced, second of the class");
}

enum verdict judge_trial(const struct trial *trial, char *why, size_t why_size, struct tally *tally)
{
	struct report report = { .why = why, .size = why_size, .tally = tally };
	struct kernel kernels[2] = { 0 };
	enum verdict verdict = NO_TRIAL;
	struct asker asker;

	if (asker_open(&asker, trial)) {
		verdict = kernel_open(&kernels[0], &asker, &trial->kernels[0], &report) &&
			  kernel_open(&kernels[1], &asker, &trial->kernels[1], &report) &&
			  agrees(&asker, kernels, trial->seed, &report) ? AGREED : DIFFERED;
		kernel_close(&kernels[0]);
		kernel_close(&kernels[1]);
	}
	asker_close(&asker);
	return verdict;
}
