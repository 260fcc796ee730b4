/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Functions that programs call, and what instructions refer to: maps, variables, externs, other
 * functions.  ELF relocations say so; calls within .text have none and are counted from where they
 * stand.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"

#include "core/object_parts.h"

struct reader {
	struct object *object;
	const struct elf_image *image;
	size_t function_capacity, reference_capacity;
	struct error *err;
};

static int add_function(const struct elf_symbol *symbol, void *context)
{
	struct reader *r = context;
	struct object *object = r->object;
	struct elf_section section;
	struct slice code;
	int err;

	if (GELF_ST_TYPE(symbol->entry.st_info) != STT_FUNC || symbol->entry.st_shndx == SHN_UNDEF)
		return 0;
	err = elf_image_section(r->image, symbol->entry.st_shndx, &section, r->err);
	if (err || !section.index || strcmp(section.name, ".text") != 0)
		return err;
	if (symbol->entry.st_size == 0 || symbol->entry.st_size % INSN_SIZE ||
	    symbol->entry.st_value % INSN_SIZE ||
	    !slice_part(section.data, symbol->entry.st_value, symbol->entry.st_size, &code))
		return error_set(r->err, -EBADMSG, "%s: function %s: does not lie in its section .text",
				 object->name, symbol->name);
	err = array_grow(&object->functions, object->function_count, &r->function_capacity);
	if (err)
		return error_errno(r->err, err, "%s", object->name);
	object->functions[object->function_count++] = (struct object_function){
		.name = symbol->name,
		.section_index = (uint32_t)section.index,
		.offset = (uint32_t)symbol->entry.st_value,
		.code = code,
	};
	return 0;
}

static int add_reference(const struct elf_relocation *relocation, void *context)
{
	struct reader *r = context;
	struct object *object = r->object;
	const GElf_Sym *symbol = &relocation->symbol.entry;
	struct elf_section at, target = { .name = NULL };
	int err;

	err = elf_image_section(r->image, relocation->section, &at, r->err);
	if (err || !at.index || !(at.header.sh_flags & SHF_EXECINSTR) ||
	    relocation->offset % INSN_SIZE || relocation->offset >= at.data.size)
		return err;
	if (symbol->st_shndx != SHN_UNDEF)
		err = elf_image_section(r->image, symbol->st_shndx, &target, r->err);
	if (!err)
		err = array_grow(&object->references, object->reference_count,
				 &r->reference_capacity);
	if (err)
		return err == -ENOMEM ? error_errno(r->err, err, "%s", object->name) : err;
	object->references[object->reference_count++] = (struct object_reference){
		.section_index = (uint32_t)at.index,
		.insn = (uint32_t)(relocation->offset / INSN_SIZE),
		.name = relocation->symbol.name,
		.target = target.name,
		.offset = symbol->st_value,
	};
	return 0;
}

static int by_place(const void *a, const void *b)
{
	const struct object_reference *x = a, *y = b;

	if (x->section_index != y->section_index)
		return x->section_index < y->section_index ? -1 : 1;
	return x->insn < y->insn ? -1 : x->insn > y->insn;
}

int object_read_references(struct object *object, const struct elf_image *image, struct error *err)
{
	struct reader reader = { .object = object, .image = image, .err = err };
	int code = elf_image_symbols(image, add_function, &reader, err);

	if (!code)
		code = elf_image_relocations(image, add_reference, &reader, err);
	if (!code && object->reference_count)
		qsort(object->references, object->reference_count, sizeof(*object->references),
		      by_place);
	return code;
}

const struct object_reference *object_reference(const struct object *object, uint32_t section_index,
						uint32_t insn)
{
	const struct object_reference key = { .section_index = section_index, .insn = insn };

	if (!object->reference_count)
		return NULL;
	return bsearch(&key, object->references, object->reference_count,
		       sizeof(*object->references), by_place);
}

static const struct object_function *function_at(const struct object *object, uint64_t offset)
{
	size_t i;

	for (i = 0; i < object->function_count; i++)
		if (object->functions[i].offset == offset)
			return &object->functions[i];
	return NULL;
}

/*
 * A call counts in instructions from the one behind it, or, with a relocation, from its symbol; a
 * pointer counts in bytes.
 */
const struct object_function *object_callee(const struct object *object, uint32_t section_index,
					    uint32_t insn, struct bpf_insn call)
{
	const struct object_reference *reference = object_reference(object, section_index, insn);
	bool is_call = call.code == (BPF_JMP | BPF_CALL) && call.src_reg == BPF_PSEUDO_CALL;
	bool is_pointer = call.code == (BPF_LD | BPF_IMM | BPF_DW);
	int64_t offset;

	if (!is_call && !is_pointer)
		return NULL;
	if (reference && (!reference->target || strcmp(reference->target, ".text") != 0))
		return NULL;
	if (!reference && (is_pointer || object->function_count == 0 ||
			   section_index != object->functions[0].section_index))
		return NULL;
	if (is_pointer)
		offset = (int64_t)reference->offset + call.imm;
	else
		offset = (reference ? (int64_t)reference->offset : (int64_t)insn * INSN_SIZE) +
			 ((int64_t)call.imm + 1) * INSN_SIZE;
	return offset < 0 ? NULL : function_at(object, (uint64_t)offset);
}
