/* SPDX-License-Identifier: BSD-2-Clause */
#include <err.h>
#include <fcntl.h>
#include <gelf.h>
#include <stdlib.h>
#include <unistd.h>

#include "lib/array.h"
#include "tests/oracle/relos.h"

enum { HEADER_SIZE = 32, RELO_LENGTH_AT = 28, RELO_OFFSET_AT = 24, RECORD_SIZE = 16 };

const char *relo_kind_name(uint32_t kind)
{
	static const char *const names[] = {
		[BPF_CORE_FIELD_BYTE_OFFSET] = "byte_off",
		[BPF_CORE_FIELD_BYTE_SIZE] = "byte_sz",
		[BPF_CORE_FIELD_EXISTS] = "field_exists",
		[BPF_CORE_FIELD_SIGNED] = "signed",
		[BPF_CORE_FIELD_LSHIFT_U64] = "lshift_u64",
		[BPF_CORE_FIELD_RSHIFT_U64] = "rshift_u64",
		[BPF_CORE_TYPE_ID_LOCAL] = "local_type_id",
		[BPF_CORE_TYPE_ID_TARGET] = "target_type_id",
		[BPF_CORE_TYPE_EXISTS] = "type_exists",
		[BPF_CORE_TYPE_SIZE] = "type_size",
		[BPF_CORE_ENUMVAL_EXISTS] = "enumval_exists",
		[BPF_CORE_ENUMVAL_VALUE] = "enumval_value",
		[BPF_CORE_TYPE_MATCHES] = "type_matches",
	};
	return kind < sizeof(names) / sizeof(names[0]) ? names[kind] : "unknown";
}

static void add_record(struct relos *relos, const uint8_t *bytes, size_t position)
{
	if (array_grow(&relos->items, relos->count, &relos->capacity) ||
	    array_grow(&relos->positions, relos->count, &relos->position_capacity))
		errx(2, "out of memory");
	relos->positions[relos->count] = position;
	relos->items[relos->count++] = (struct bpf_core_relo){
		.insn_off = load_le32(bytes),
		.type_id = load_le32(bytes + 4),
		.access_str_off = load_le32(bytes + 8),
		.kind = load_le32(bytes + 12),
	};
}

/* core_relo is: record size, then for each ELF section its name, a count and the records. */
static void parse_ext(const char *path, struct slice ext, struct relos *relos)
{
	struct slice part, records;

	if (!slice_part(ext, 0, HEADER_SIZE, &part) || load_le16(ext.data) != 0xeb9f)
		errx(2, "%s: .BTF.ext: not a little-endian header with CO-RE records", path);
	size_t at = (size_t)load_le32(ext.data + 4) + load_le32(ext.data + RELO_OFFSET_AT);
	size_t end = at + load_le32(ext.data + RELO_LENGTH_AT);
	if (at == end)
		return;
	if (end > ext.size || !slice_part(ext, at, 4, &part) || load_le32(part.data) != RECORD_SIZE)
		errx(2, "%s: .BTF.ext: the CO-RE records are cut off or of another size", path);
	for (at += 4; at < end; at += 8 + records.size) {
		if (!slice_part(ext, at, 8, &part))
			errx(2, "%s: .BTF.ext: cut off at byte %zu", path, at);
		uint64_t size = (uint64_t)load_le32(part.data + 4) * RECORD_SIZE;
		if (!slice_part(ext, at + 8, size, &records))
			errx(2, "%s: .BTF.ext: cut off at byte %zu", path, at);
		for (size_t i = 0; i < records.size; i += RECORD_SIZE)
			add_record(relos, records.data + i, at + 8 + i);
	}
}

void relos_read(const char *path, struct relos *relos)
{
	size_t names;
	Elf_Scn *section = NULL;

	*relos = (struct relos){ 0 };
	elf_version(EV_CURRENT);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		err(2, "%s", path);
	Elf *elf = elf_begin(fd, ELF_C_READ, NULL);
	if (!elf || elf_getshdrstrndx(elf, &names))
		errx(2, "%s: %s", path, elf_errmsg(-1));
	while ((section = elf_nextscn(elf, section))) {
		GElf_Shdr header;
		if (!gelf_getshdr(section, &header))
			errx(2, "%s: %s", path, elf_errmsg(-1));
		const char *name = elf_strptr(elf, names, header.sh_name);
		if (!name || strcmp(name, ".BTF.ext") != 0)
			continue;
		Elf_Data *data = elf_rawdata(section, NULL);
		relos->file_offset = header.sh_offset;
		if (data)
			parse_ext(path, slice_of(data->d_buf, data->d_size), relos);
		else
			errx(2, "%s: %s", path, elf_errmsg(-1));
	}
	elf_end(elf);
	close(fd);
}

void relos_free(struct relos *relos)
{
	free(relos->items);
	free(relos->positions);
	*relos = (struct relos){ 0 };
}
