/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"

#include "decide/calls.h"

struct reader {
	const struct object *object;
	struct program_needs *out;
	size_t helper_capacity, map_capacity, kfunc_capacity;
	const struct object_function **queue; /* functions to read; each comes in once */
	size_t queued;
};

static void enqueue(struct reader *r, const struct object_function *function)
{
	size_t i;

	for (i = 0; i < r->queued; i++)
		if (r->queue[i] == function)
			return;
	r->queue[r->queued++] = function;
}

/* Adds a number to an ascending list that has each once. */
static int add_number(uint32_t **list, size_t *count, size_t *capacity, uint32_t number)
{
	size_t place = *count;

	while (place > 0 && (*list)[place - 1] > number)
		place--;
	if (place > 0 && (*list)[place - 1] == number)
		return 0;
	if (array_grow(list, *count, capacity))
		return -ENOMEM;
	memmove(&(*list)[place + 1], &(*list)[place], (*count - place) * sizeof(**list));
	(*list)[place] = number;
	(*count)++;
	return 0;
}

static int add_kfunc(struct reader *r, const char *name)
{
	struct program_needs *out = r->out;
	size_t i;

	for (i = 0; i < out->kfunc_count; i++)
		if (strcmp(out->kfuncs[i], name) == 0)
			return 0;
	if (array_grow(&out->kfuncs, out->kfunc_count, &r->kfunc_capacity))
		return -ENOMEM;
	out->kfuncs[out->kfunc_count++] = name;
	return 0;
}

static bool starts_with(const char *text, const char *start)
{
	return strncmp(text, start, strlen(start)) == 0;
}

static int read_address(struct reader *r, const struct object_reference *reference, int32_t imm)
{
	const char *section = reference->target;
	size_t i;

	if (!section)
		return 0;
	if (starts_with(section, ".data") || starts_with(section, ".rodata") ||
	    starts_with(section, ".bss"))
		r->out->global_data = true;
	if (strcmp(section, ".maps") != 0)
		return 0;
	for (i = 0; i < r->object->map_count; i++)
		if (r->object->maps[i].offset == (int64_t)reference->offset + imm)
			return add_number(&r->out->maps, &r->out->map_count, &r->map_capacity,
					  (uint32_t)i);
	return 0;
}

static int read_insn(struct reader *r, uint32_t section, uint32_t at, struct bpf_insn insn)
{
	const struct object_reference *reference = object_reference(r->object, section, at);
	const struct object_function *callee = object_callee(r->object, section, at, insn);

	if (callee)
		enqueue(r, callee);
	if (insn.code == (BPF_LD | BPF_IMM | BPF_DW) && reference)
		return read_address(r, reference, insn.imm);
	if (insn.code != (BPF_JMP | BPF_CALL))
		return 0;
	if (insn.src_reg == 0 && !reference)
		return add_number(&r->out->helpers, &r->out->helper_count, &r->helper_capacity,
				  (uint32_t)insn.imm);
	/* clang writes the call of a kernel function as that of a subprogram which is extern. */
	return reference && !reference->target ? add_kfunc(r, reference->name) : 0;
}

static int read_code(struct reader *r, uint32_t section, uint32_t offset, struct slice code)
{
	size_t i;
	int err = 0;

	for (i = 0; i < code.size / INSN_SIZE && !err; i++) {
		struct bpf_insn insn = object_insn(code, i);

		err = read_insn(r, section, (uint32_t)(offset / INSN_SIZE + i), insn);
		/* Its second half is no instruction. */
		if (insn.code == (BPF_LD | BPF_IMM | BPF_DW))
			i++;
	}
	return err;
}

int calls_read(const struct object *object, const struct object_program *program,
	       struct program_needs *out)
{
	struct reader r = { .object = object, .out = out };
	size_t next;
	int err;

	r.queue = calloc(object->function_count + 1, sizeof(*r.queue));
	if (!r.queue)
		return -ENOMEM;
	err = read_code(&r, program->section_index, program->offset, program->code);
	for (next = 0; next < r.queued && !err; next++)
		err = read_code(&r, r.queue[next]->section_index, r.queue[next]->offset,
				r.queue[next]->code);
	free(r.queue);
	return err;
}
