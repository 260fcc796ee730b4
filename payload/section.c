/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <string.h>

#include <gelf.h>
#include <libelf.h>

#include "payload/section.h"

bool section_is_elf(struct slice file)
{
	return file.size >= SELFMAG && memcmp(file.data, ELFMAG, SELFMAG) == 0;
}

static int bytes_of(const GElf_Shdr *header, struct slice file, const char *name,
		    const char *wanted, struct slice *out, struct error *err)
{
	if (header->sh_type == SHT_NOBITS || (header->sh_flags & SHF_COMPRESSED))
		return error_set(err, -EBADMSG, "%s: its section %s is not stored as it is", name,
				 wanted);
	if (!slice_part(file, header->sh_offset, header->sh_size, out))
		return error_set(err, -EBADMSG, "%s: is truncated: its section %s is not all there",
				 name, wanted);
	return 0;
}

/* libelf takes a file whose section headers were cut off for one that has none. */
static bool has_lost_headers(Elf *elf, struct slice file)
{
	GElf_Ehdr header;

	return gelf_getehdr(elf, &header) && header.e_shoff != 0 &&
	       !range_fits(file.size, header.e_shoff, (uint64_t)header.e_shnum * header.e_shentsize);
}

static int find_in(Elf *elf, struct slice file, const char *name, const char *wanted,
		   struct slice *out, struct error *err)
{
	Elf_Scn *scn = NULL;
	size_t names;

	if (elf_kind(elf) == ELF_K_ELF && has_lost_headers(elf, file))
		return error_set(err, -EBADMSG, "%s: is truncated: its section headers are not all "
				 "there", name);
	if (elf_kind(elf) != ELF_K_ELF || elf_getshdrstrndx(elf, &names) < 0)
		return error_set(err, -EBADMSG, "%s: is a damaged ELF file: %s", name, elf_errmsg(-1));
	while ((scn = elf_nextscn(elf, scn))) {
		GElf_Shdr header;
		const char *found;

		if (!gelf_getshdr(scn, &header))
			return error_set(err, -EBADMSG, "%s: is a damaged ELF file: %s", name,
					 elf_errmsg(-1));
		found = elf_strptr(elf, names, header.sh_name);
		if (found && strcmp(found, wanted) == 0)
			return bytes_of(&header, file, name, wanted, out, err);
	}
	return error_set(err, -ENOENT, "%s: holds no payload: an ELF file without section %s", name,
			 wanted);
}

int section_find(struct slice file, const char *name, const char *wanted, struct slice *out,
		 struct error *err)
{
	Elf *elf;
	int code;

	elf_version(EV_CURRENT);
	/* libelf's parameter lacks the const; it only reads here. */
	elf = elf_memory((char *)(uintptr_t)file.data, file.size);
	if (!elf)
		return error_set(err, -EBADMSG, "%s: is a damaged ELF file: %s", name, elf_errmsg(-1));
	code = find_in(elf, file, name, wanted, out, err);
	elf_end(elf);
	return code;
}
