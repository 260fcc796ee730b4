/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "decide/reach.h"

enum { REGISTERS = 11 };

/* What is known before an instruction. */
struct state {
	uint64_t value[REGISTERS];
	uint16_t known;          /* a bit for each register */
	uint16_t context;        /* those that hold the context's address, as it came */
	bool visited, pending;
};

/* One relocation's place; sorted, so that an instruction finds its own. */
struct place {
	uint32_t section, insn, relo;
};

struct reach {
	const struct object *object;
	const struct reloset *set;
	size_t place;            /* of the object in set */
	struct place *places;
};

/* Code that is walked through: a program, or a function that it calls. */
struct code {
	uint32_t section, first; /* instruction index in the section */
	struct slice bytes;
};

struct walk {
	const struct reach *reach;
	const struct object *object;
	const struct answers *answers;
	bool *called;            /* functions, by index */
	bool *reached;
	size_t context_end;
	struct state *states;    /* of the code at hand */
	size_t count;            /* its instructions */
	size_t *work;            /* instructions to look at */
	size_t work_count;
};

static int by_place(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->section != y->section)
		return x->section < y->section ? -1 : 1;
	return x->insn < y->insn ? -1 : x->insn > y->insn;
}

static const struct place *find_place(const struct walk *w, uint32_t section, uint32_t insn)
{
	const struct place key = { .section = section, .insn = insn };

	return w->object->relo_count ? bsearch(&key, w->reach->places, w->object->relo_count,
					       sizeof(key), by_place) : NULL;
}

static void set(struct state *state, unsigned reg, uint64_t value)
{
	if (reg < REGISTERS) {
		state->value[reg] = value;
		state->known |= (uint16_t)(1u << reg);
		state->context &= (uint16_t)~(1u << reg);
	}
}

static void forget(struct state *state, unsigned reg)
{
	state->known &= (uint16_t)~(1u << reg);
	state->context &= (uint16_t)~(1u << reg);
}

static bool knows(const struct state *state, unsigned reg)
{
	return reg < REGISTERS && state->known & 1u << reg;
}

/* Comes to instruction at with this state, joined with what was known there before. */
static void come_to(struct walk *w, int64_t at, const struct state *state)
{
	struct state *there;
	uint16_t known = state->known, context = state->context;
	unsigned reg;

	if (at < 0 || (uint64_t)at >= w->count)
		return;
	there = &w->states[at];
	if (there->visited) {
		known &= there->known;
		context &= there->context;
		for (reg = 0; reg < REGISTERS; reg++)
			if (there->value[reg] != state->value[reg])
				known &= (uint16_t)~(1u << reg);
		if (known == there->known && context == there->context)
			return;
		there->known = known;
		there->context = context;
	} else {
		bool pending = there->pending;

		*there = *state;
		there->visited = true;
		there->pending = pending;
	}
	if (!there->pending) {
		there->pending = true;
		w->work[w->work_count++] = (size_t)at;
	}
}

/* The second operand of an instruction, when it is known. */
static bool operand(const struct state *state, struct bpf_insn insn, uint64_t *value)
{
	if (BPF_SRC(insn.code) == BPF_K) {
		*value = (uint64_t)(int64_t)insn.imm;
		return true;
	}
	*value = insn.src_reg < REGISTERS ? state->value[insn.src_reg] : 0;
	return knows(state, insn.src_reg);
}

static bool compute(uint8_t operation, uint64_t *left, uint64_t right, bool wide)
{
	const uint64_t bits = wide ? 63 : 31;

	switch (operation) {
	case BPF_MOV: *left = right; return true;
	case BPF_ADD: *left += right; return true;
	case BPF_SUB: *left -= right; return true;
	case BPF_AND: *left &= right; return true;
	case BPF_OR: *left |= right; return true;
	case BPF_XOR: *left ^= right; return true;
	case BPF_LSH: *left <<= right & bits; return true;
	case BPF_RSH: *left = (wide ? *left : (uint32_t)*left) >> (right & bits); return true;
	default: return false;
	}
}

static void calculate(struct state *state, struct bpf_insn insn)
{
	bool wide = BPF_CLASS(insn.code) == BPF_ALU64;
	uint64_t left, right;
	bool known;

	if (insn.dst_reg >= REGISTERS)
		return;
	if (insn.code == (BPF_ALU64 | BPF_MOV | BPF_X) && insn.off == 0 &&
	    state->context & 1u << insn.src_reg) {
		forget(state, insn.dst_reg);
		state->context |= (uint16_t)(1u << insn.dst_reg);
		return;
	}
	left = state->value[insn.dst_reg];
	known = operand(state, insn, &right) &&
		(BPF_OP(insn.code) == BPF_MOV || knows(state, insn.dst_reg)) &&
		/* With an offset it is a newer instruction: a move that extends the sign. */
		insn.off == 0 && compute(BPF_OP(insn.code), &left, right, wide);
	if (known)
		set(state, insn.dst_reg, wide ? left : (uint32_t)left);
	else
		forget(state, insn.dst_reg);
}

/* Whether the comparison holds; left and right are of its width. */
static bool holds(uint8_t operation, uint64_t left, uint64_t right, int64_t signed_left,
		  int64_t signed_right)
{
	switch (operation) {
	case BPF_JEQ: return left == right;
	case BPF_JNE: return left != right;
	case BPF_JGT: return left > right;
	case BPF_JGE: return left >= right;
	case BPF_JLT: return left < right;
	case BPF_JLE: return left <= right;
	case BPF_JSET: return left & right;
	case BPF_JSGT: return signed_left > signed_right;
	case BPF_JSGE: return signed_left >= signed_right;
	case BPF_JSLT: return signed_left < signed_right;
	default: return signed_left <= signed_right; /* BPF_JSLE */
	}
}

static void branch(struct walk *w, size_t at, struct bpf_insn insn, struct state *state)
{
	bool wide = BPF_CLASS(insn.code) == BPF_JMP, taken = true, not_taken = true;
	int64_t target = (int64_t)at + 1 + insn.off;
	uint64_t right;

	if (BPF_OP(insn.code) == BPF_JA) {
		come_to(w, wide ? target : (int64_t)at + 1 + insn.imm, state);
		return;
	}
	if (operand(state, insn, &right) && knows(state, insn.dst_reg) &&
	    BPF_OP(insn.code) <= BPF_JSLE) {
		uint64_t left = state->value[insn.dst_reg];

		taken = wide ? holds(BPF_OP(insn.code), left, right, (int64_t)left, (int64_t)right) :
			holds(BPF_OP(insn.code), (uint32_t)left, (uint32_t)right, (int32_t)left,
			      (int32_t)right);
		not_taken = !taken;
	}
	if (taken)
		come_to(w, target, state);
	if (not_taken)
		come_to(w, (int64_t)at + 1, state);
}

/* A call, or the address of a function that a helper will call. */
static void note_callee(struct walk *w, const struct code *code, size_t at, struct bpf_insn insn)
{
	const struct object_function *callee =
		object_callee(w->object, code->section, (uint32_t)(code->first + at), insn);

	if (callee)
		w->called[callee - w->object->functions] = true;
}

static void forget_arguments(struct state *state)
{
	unsigned reg;

	for (reg = BPF_REG_0; reg <= BPF_REG_5; reg++)
		forget(state, reg);
}

/* What a relocation makes of the register that its instruction fills. */
static void relocated(const struct walk *w, uint32_t relo, struct bpf_insn insn,
		      struct state *state)
{
	uint32_t question = reloset_question_of(w->reach->set, w->reach->place, relo);
	uint8_t outcome = question == RELOSET_NONE || !w->answers->states ? ANSWERED :
			  w->answers->states[question];

	if (w->answers->states)
		w->reached[relo] = true;
	if (insn.dst_reg >= REGISTERS)
		return;
	forget(state, insn.dst_reg);
	if (question == RELOSET_NONE || !w->answers->states)
		return;
	switch (reloset_kind(w->reach->set, question)) {
	case BPF_CORE_FIELD_EXISTS:
	case BPF_CORE_TYPE_EXISTS:
	case BPF_CORE_TYPE_MATCHES:
	case BPF_CORE_ENUMVAL_EXISTS:
		if (outcome == ANSWERED || outcome == ANSWERED_ABSENT)
			set(state, insn.dst_reg, outcome == ANSWERED);
		break;
	default:
		break;
	}
}

/* What an instruction that does not jump makes of the registers. */
static void execute(struct walk *w, const struct code *code, size_t at, struct bpf_insn insn,
		    struct state *state)
{
	switch (BPF_CLASS(insn.code)) {
	case BPF_ALU:
	case BPF_ALU64:
		calculate(state, insn);
		break;
	case BPF_JMP:
		note_callee(w, code, at, insn);
		forget_arguments(state);
		break;
	case BPF_STX:
		if (BPF_MODE(insn.code) == BPF_ATOMIC) { /* may fetch: into its source, or r0 */
			forget(state, insn.src_reg);
			forget(state, BPF_REG_0);
		}
		break;
	case BPF_ST:
		break;
	default: /* Loads; those of packets fill r0. */
		note_callee(w, code, at, insn);
		forget(state, insn.dst_reg);
		forget(state, BPF_REG_0);
		break;
	}
}

/* How much of the context a load or store at a place that no relocation moves takes. */
static void note_context(struct walk *w, struct bpf_insn insn, const struct state *state)
{
	static const unsigned SIZES[] = { [BPF_W >> 3] = 4, [BPF_H >> 3] = 2, [BPF_B >> 3] = 1,
					  [BPF_DW >> 3] = 8 };
	bool loads = BPF_CLASS(insn.code) == BPF_LDX;
	unsigned reg = loads ? insn.src_reg : insn.dst_reg;
	size_t end;

	if (!loads && BPF_CLASS(insn.code) != BPF_ST && BPF_CLASS(insn.code) != BPF_STX)
		return;
	if (BPF_MODE(insn.code) != BPF_MEM || !(state->context & 1u << reg) || insn.off < 0)
		return;
	end = (size_t)insn.off + SIZES[BPF_SIZE(insn.code) >> 3];
	if (end > w->context_end)
		w->context_end = end;
}

/* One instruction: changes the state, and goes where it leads. */
static void step(struct walk *w, const struct code *code, size_t at)
{
	struct bpf_insn insn = object_insn(code->bytes, at);
	const struct place *place = find_place(w, code->section, (uint32_t)(code->first + at));
	bool is_jump = BPF_CLASS(insn.code) == BPF_JMP || BPF_CLASS(insn.code) == BPF_JMP32;
	struct state state = w->states[at];

	if (insn.code == (BPF_JMP | BPF_EXIT))
		return;
	if (is_jump && insn.code != (BPF_JMP | BPF_CALL)) {
		branch(w, at, insn, &state);
		return;
	}
	if (!place)
		note_context(w, insn, &state);
	execute(w, code, at, insn, &state);
	if (place)
		relocated(w, place->relo, insn, &state);
	come_to(w, (int64_t)at + (insn.code == (BPF_LD | BPF_IMM | BPF_DW) ? 2 : 1), &state);
}

static int walk_code(struct walk *w, const struct code *code, bool has_context)
{
	const struct state start = { .context = has_context ? 1u << BPF_REG_1 : 0 };
	int err = 0;

	w->count = code->bytes.size / INSN_SIZE;
	w->states = calloc(w->count + 1, sizeof(*w->states));
	w->work = calloc(w->count + 1, sizeof(*w->work));
	w->work_count = 0;
	if (w->states && w->work)
		come_to(w, 0, &start);
	else
		err = -ENOMEM;
	while (w->work_count > 0) {
		size_t at = w->work[--w->work_count];

		w->states[at].pending = false;
		step(w, code, at);
	}
	free(w->work);
	free(w->states);
	return err;
}

/* Functions are walked through once each, with nothing known of their arguments. */
static int walk_functions(struct walk *w)
{
	const struct object *object = w->object;
	bool *done = calloc(object->function_count + 1, sizeof(*done));
	size_t i = 0;
	int err = done ? 0 : -ENOMEM;

	while (!err && i < object->function_count) {
		const struct object_function *function = &object->functions[i];
		const struct code code = { function->section_index, function->offset / INSN_SIZE,
					   function->code };

		if (!w->called[i] || done[i]) {
			i++;
			continue;
		}
		done[i] = true;
		err = walk_code(w, &code, false);
		i = 0; /* it may have called any other */
	}
	free(done);
	return err;
}

int reach_open(const struct object *object, const struct reloset *set, size_t place,
	       struct reach **out)
{
	struct reach *reach = calloc(1, sizeof(*reach));
	size_t i;

	*out = reach;
	if (!reach)
		return -ENOMEM;
	*reach = (struct reach){
		.object = object,
		.set = set,
		.place = place,
		.places = calloc(object->relo_count + 1, sizeof(*reach->places)),
	};
	if (!reach->places) {
		reach_close(reach);
		*out = NULL;
		return -ENOMEM;
	}
	for (i = 0; i < object->relo_count; i++)
		reach->places[i] = (struct place){ object->relos[i].section_index,
						   object->relos[i].insn, (uint32_t)i };
	qsort(reach->places, object->relo_count, sizeof(*reach->places), by_place);
	return 0;
}

void reach_close(struct reach *reach)
{
	if (reach)
		free(reach->places);
	free(reach);
}

int reach_code(const struct reach *reach, size_t program, const struct answers *answers,
	       bool *reached, size_t *context_end)
{
	const struct object *object = reach->object;
	const struct object_program *start = &object->programs[program];
	const struct code code = { start->section_index, start->offset / INSN_SIZE, start->code };
	struct walk w = {
		.reach = reach,
		.object = object,
		.answers = answers,
		.called = calloc(object->function_count + 1, sizeof(*w.called)),
		.reached = reached,
	};
	int err = w.called ? walk_code(&w, &code, true) : -ENOMEM;

	if (!err)
		err = walk_functions(&w);
	*context_end = w.context_end;
	free(w.called);
	return err;
}
