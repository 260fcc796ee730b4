/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * .BTF.ext (Documentation/bpf/btf.rst): a header, then sections of records; only the CO-RE
 * relocation part is read. Each record is the struct bpf_core_relo of linux/bpf.h.
 */
#include <errno.h>
#include <string.h>

#include "lib/array.h"

#include "core/object_parts.h"

enum {
	EXT_HEADER_LENGTH = 4, EXT_RELO_OFF = 24, EXT_RELO_LEN = 28, EXT_HEADER_SIZE = 32,
	EXT_HEADER_SIZE_WITHOUT_RELOS = 24,
	SECTION_HEADER_SIZE = 8,
	RELO_INSN = 0, RELO_TYPE = 4, RELO_ACCESS = 8, RELO_KIND = 12, RELO_SIZE = 16,
};

static int damaged(const struct object *object, const char *what, struct error *err)
{
	return error_set(err, -EBADMSG, "%s: .BTF.ext: %s", object->name, what);
}

/* The relocation part of the section; an empty slice where there is none. */
static int find_part(const struct object *object, struct slice ext, struct slice *part,
		     struct error *err)
{
	uint32_t header_length;

	*part = slice_of(NULL, 0);
	if (ext.size < EXT_HEADER_SIZE_WITHOUT_RELOS || ext.data[0] != 0x9f || ext.data[1] != 0xeb)
		return damaged(object, "does not start with a BTF.ext header", err);
	if (ext.data[2] != 1)
		return error_set(err, -ENOTSUP, "%s: .BTF.ext: version %u is newer than version 1", object->name,
				 ext.data[2]);
	header_length = load_le32(ext.data + EXT_HEADER_LENGTH);
	if (header_length > ext.size || header_length < EXT_HEADER_SIZE_WITHOUT_RELOS)
		return damaged(object, "header length does not fit", err);
	if (header_length < EXT_HEADER_SIZE)
		return 0; /* written before CO-RE was */
	if (!slice_part(slice_of(ext.data + header_length, ext.size - header_length),
			load_le32(ext.data + EXT_RELO_OFF), load_le32(ext.data + EXT_RELO_LEN), part))
		return damaged(object, "the relocation part lies outside of the section", err);
	return 0;
}

static uint32_t program_at(const struct object *object, uint32_t section_index, uint32_t offset)
{
	size_t i;

	for (i = 0; i < object->program_count; i++) {
		const struct object_program *p = &object->programs[i];

		if (p->section_index == section_index && offset >= p->offset &&
		    offset - p->offset < p->size)
			return (uint32_t)i;
	}
	return OBJECT_SUBPROGRAM;
}

static int add_relo(struct object *object, size_t *capacity, uint32_t section_index,
		    const uint8_t *record, struct error *err)
{
	uint32_t offset = load_le32(record + RELO_INSN), access = load_le32(record + RELO_ACCESS);
	struct object_relo relo = {
		.program = program_at(object, section_index, offset),
		.insn = offset / INSN_SIZE,
		.section_index = section_index,
		.type = load_le32(record + RELO_TYPE),
		.kind = load_le32(record + RELO_KIND),
	};

	if (offset % INSN_SIZE)
		return damaged(object, "a relocation points between two instructions", err);
	if (relo.type == 0 || relo.type >= object->btf.type_count)
		return damaged(object, "a relocation refers to a type that does not exist", err);
	if (access >= object->btf.strings.size)
		return damaged(object, "a relocation refers to a string that does not exist", err);
	if (relo.kind > BPF_CORE_TYPE_MATCHES)
		return error_set(err, -ENOTSUP,
				 "%s: .BTF.ext: relocation kind %u is newer than kind %u (type matches), the newest known",
				 object->name, relo.kind, BPF_CORE_TYPE_MATCHES);
	relo.access = btf_view_string(&object->btf, access);
	if (array_grow(&object->relos, object->relo_count, capacity))
		return error_errno(err, -ENOMEM, "%s", object->name);
	object->relos[object->relo_count++] = relo;
	return 0;
}

/* One ELF section's records; *at moves behind them. */
static int read_section(struct object *object, const struct elf_image *image, struct slice part,
			uint64_t *at, size_t *capacity, struct error *err)
{
	uint32_t record_size = load_le32(part.data), count, i;
	struct slice header, records;
	struct elf_section section;
	int code;

	if (!slice_part(part, *at, SECTION_HEADER_SIZE, &header))
		return damaged(object, "cut off at the end of the relocations", err);
	count = load_le32(header.data + 4);
	if (!slice_part(part, *at + SECTION_HEADER_SIZE, (uint64_t)count * record_size, &records))
		return damaged(object, "more relocations are announced than there are", err);
	code = elf_image_find(image, btf_view_string(&object->btf, load_le32(header.data)), &section, err);
	if (code)
		return code;
	if (!section.index)
		return damaged(object, "relocations for a section that does not exist", err);
	for (i = 0; i < count && !code; i++)
		code = add_relo(object, capacity, (uint32_t)section.index,
				records.data + (size_t)i * record_size, err);
	*at += SECTION_HEADER_SIZE + records.size;
	return code;
}

int object_read_relos(struct object *object, const struct elf_image *image, struct error *err)
{
	struct elf_section section;
	size_t capacity = 0;
	struct slice part;
	uint64_t at = sizeof(uint32_t);
	int code;

	code = elf_image_find(image, ".BTF.ext", &section, err);
	if (code || !section.index)
		return code;
	code = find_part(object, section.data, &part, err);
	if (code || part.size == 0)
		return code;
	if (part.size < sizeof(uint32_t) || load_le32(part.data) < RELO_SIZE)
		return damaged(object, "the relocations' record size does not fit", err);
	while (at < part.size && !code)
		code = read_section(object, image, part, &at, &capacity, err);
	return code;
}
