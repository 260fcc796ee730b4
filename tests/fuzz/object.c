/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads any bytes as a BPF object, and turns what it holds into questions. */
#include <stdlib.h>

#include "core/reloset.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void describe_all(const struct reloset *set)
{
	char text[256];
	const char *object, *program;

	for (size_t i = 0; i < reloset_question_count(set); i++) {
		reloset_describe(set, i, text, sizeof(text));
		reloset_first_use(set, i, &object, &program);
		if (strlen(text) >= sizeof(text) || !object || !program)
			abort();
	}
}

/* Not static: a compiler must take it for read elsewhere. */
extern volatile uint64_t look;
volatile uint64_t look;

static uint64_t look_at_insn(const struct object *object, uint32_t section, uint32_t at,
			     struct bpf_insn insn)
{
	const struct object_reference *reference = object_reference(object, section, at);
	const struct object_function *callee = object_callee(object, section, at, insn);
	uint64_t sum = insn.code;

	if (reference)
		sum += strlen(reference->name) + (reference->target ? strlen(reference->target) : 0);
	return sum + (callee ? callee->code.data[callee->code.size - 1] : 0);
}

static void look_at(const struct object *object)
{
	uint64_t sum = strlen(object->license);

	for (size_t i = 0; i < object->program_count; i++) {
		const struct object_program *program = &object->programs[i];
		sum += strlen(program->name) + strlen(program->section);
		for (uint32_t k = 0; k < program->size / INSN_SIZE; k++)
			sum += look_at_insn(object, program->section_index,
					    program->offset / INSN_SIZE + k,
					    object_insn(program->code, k));
	}
	for (size_t i = 0; i < object->function_count; i++)
		sum += strlen(object->functions[i].name) + object->functions[i].code.size;
	for (size_t i = 0; i < object->map_count; i++)
		sum += strlen(object->maps[i].name);
	for (size_t i = 0; i < object->extern_count; i++)
		sum += strlen(object->externs[i].name);
	for (size_t i = 0; i < object->relo_count; i++)
		sum += strlen(object->relos[i].access);
	look = sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct object *object;
	struct reloset *set;
	struct error err = ERROR_NONE;

	if (object_open(slice_of(data, size), "input", &object, &err)) {
		if (!err.code || !err.text[0])
			abort(); /* an error without a sentence */
		return 0;
	}
	look_at(object);
	if (reloset_create(&object, 1, &set, &err) == 0) {
		describe_all(set);
		reloset_destroy(set);
	}
	object_close(object);
	return 0;
}
