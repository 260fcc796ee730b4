/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"

#include "core/elf_image.h"
#include "core/object.h"
#include "core/object_parts.h"

enum { LICENSE_MAX = 128 };

struct bpf_insn object_insn(struct slice code, size_t i)
{
	const uint8_t *p = code.data + i * INSN_SIZE;

	return (struct bpf_insn){
		.code = p[0],
		.dst_reg = p[1] & 0xf,
		.src_reg = p[1] >> 4,
		.off = (int16_t)load_le16(p + 2),
		.imm = (int32_t)load_le32(p + 4),
	};
}

static int check_machine(const struct elf_image *image, struct error *err)
{
	if (image->header.e_machine != EM_BPF)
		return error_set(err, -EBADMSG,
				 "%s: not a BPF object: ELF machine %u instead of %u; compile with clang -target bpf",
				 image->name, image->header.e_machine, EM_BPF);
	if (image->header.e_ident[EI_CLASS] != ELFCLASS64)
		return error_set(err, -EBADMSG, "%s: not a BPF object: ELF class is not 64-bit", image->name);
	if (image->header.e_ident[EI_DATA] != ELFDATA2LSB)
		return error_set(err, -ENOTSUP, "%s: big-endian BPF objects are not supported", image->name);
	if (image->header.e_type != ET_REL)
		return error_set(err, -EBADMSG, "%s: not a BPF object: ELF type %u is not relocatable",
				 image->name, image->header.e_type);
	return 0;
}

struct program_search {
	struct object *object;
	const struct elf_image *image;
	size_t capacity;
	struct error *err;
};

/* A program is a function that stands in an executable section other than .text. */
static int add_program(const struct elf_symbol *symbol, void *context)
{
	struct program_search *search = context;
	struct object *object = search->object;
	struct elf_section section;
	struct slice code;
	int err;

	if (GELF_ST_TYPE(symbol->entry.st_info) != STT_FUNC || symbol->entry.st_shndx == SHN_UNDEF)
		return 0;
	err = elf_image_section(search->image, symbol->entry.st_shndx, &section, search->err);
	if (err || !section.index)
		return err;
	if (!(section.header.sh_flags & SHF_EXECINSTR) || strcmp(section.name, ".text") == 0)
		return 0;
	if (symbol->entry.st_size == 0 || symbol->entry.st_size % INSN_SIZE ||
	    symbol->entry.st_value % INSN_SIZE ||
	    !slice_part(section.data, symbol->entry.st_value, symbol->entry.st_size, &code))
		return error_set(search->err, -EBADMSG, "%s: program %s: does not lie in its section %s",
				 object->name, symbol->name, section.name);
	err = array_grow(&object->programs, object->program_count, &search->capacity);
	if (err)
		return error_errno(search->err, err, "%s", object->name);
	object->programs[object->program_count++] = (struct object_program){
		.name = symbol->name,
		.section = section.name,
		.section_index = (uint32_t)section.index,
		.offset = (uint32_t)symbol->entry.st_value,
		.size = (uint32_t)code.size,
		.code = code,
	};
	return 0;
}

static int by_place(const void *a, const void *b)
{
	const struct object_program *x = a, *y = b;

	if (x->section_index != y->section_index)
		return x->section_index < y->section_index ? -1 : 1;
	return x->offset < y->offset ? -1 : x->offset > y->offset;
}

static int read_programs(struct object *object, const struct elf_image *image, struct error *err)
{
	struct program_search search = { .object = object, .image = image, .err = err };
	int code = elf_image_symbols(image, add_program, &search, err);

	if (!code && object->program_count)
		qsort(object->programs, object->program_count, sizeof(*object->programs), by_place);
	return code;
}

static int read_license(struct object *object, const struct elf_image *image, struct error *err)
{
	struct elf_section section;
	int code = elf_image_find(image, "license", &section, err);

	if (code || !section.index)
		return code;
	if (section.data.size == 0 || section.data.size > LICENSE_MAX ||
	    !memchr(section.data.data, '\0', section.data.size))
		return error_set(err, -EBADMSG, "%s: the license section holds no string", object->name);
	object->license = (const char *)section.data.data;
	return 0;
}

static int read_btf(struct object *object, const struct elf_image *image, struct error *err)
{
	struct elf_section section;
	int code = elf_image_find(image, ".BTF", &section, err);

	if (code || !section.index)
		return code;
	code = btf_view_open(&object->btf, section.data, err);
	if (code)
		return error_wrap(err, "%s: .BTF", object->name);
	/* BPF is a 64-bit machine, whatever `long` types its headers brought from another. */
	object->btf.pointer_size = 8;
	object->has_btf = true;
	code = object_read_declarations(object, image, err);
	return code ? code : object_read_relos(object, image, err);
}

int object_open(struct slice file, const char *name, struct object **out, struct error *err)
{
	struct object *object = calloc(1, sizeof(*object));
	struct elf_image *image = calloc(1, sizeof(*image));
	char *copy = strdup(name);
	int code = -ENOMEM;

	*out = NULL;
	if (!object || !image || !copy) {
		error_errno(err, code, "%s", name);
		goto fail;
	}
	code = elf_image_open(image, file, copy, err);
	if (code)
		goto fail;
	*object = (struct object){ .name = copy, .license = "", .image = image };
	code = check_machine(image, err);
	if (!code)
		code = read_programs(object, image, err);
	if (!code)
		code = object_read_references(object, image, err);
	if (!code)
		code = read_license(object, image, err);
	if (!code)
		code = read_btf(object, image, err);
	if (code) {
		object_close(object);
		return code;
	}
	*out = object;
	return 0;
fail:
	free(copy);
	free(image);
	free(object);
	return code;
}

void object_close(struct object *object)
{
	if (!object)
		return;
	btf_view_close(&object->btf);
	elf_image_close(object->image);
	free(object->image);
	free(object->programs);
	free(object->functions);
	free(object->references);
	free(object->maps);
	free(object->externs);
	free(object->relos);
	free((char *)(uintptr_t)object->name);
	free(object);
}
