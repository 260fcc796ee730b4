/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <string.h>

#include "lib/plain.h"

#include "core/elf_image.h"

static int damaged(const struct elf_image *image, const char *what, struct error *err)
{
	return error_set(err, -EBADMSG, "%s: damaged ELF file: %s: %s", image->name, what,
			 elf_errmsg(-1));
}

/* Names end up in messages, in reports and in files' names. */
static int check_name(const struct elf_image *image, const char *what, const char *name,
		      struct error *err)
{
	return plain_is(name) ? 0 : error_set(err, -EBADMSG, "%s: damaged ELF file: the name of %s, %s, "
					      "has a control character", image->name, what, name);
}

int elf_image_open(struct elf_image *image, struct slice file, const char *name, struct error *err)
{
	*image = (struct elf_image){ .name = name };
	if (elf_version(EV_CURRENT) == EV_NONE)
		return error_set(err, -ENOTSUP, "libelf: %s", elf_errmsg(-1));
	if (file.size < 4 || memcmp(file.data, ELFMAG, SELFMAG) != 0)
		return error_set(err, -EBADMSG, "%s: not an ELF file", name);
	/* libelf takes a char * but does not write to an image that it opened for reading. */
	image->elf = elf_memory((char *)(uintptr_t)file.data, file.size);
	if (!image->elf)
		return damaged(image, "cannot be opened", err);
	if (!gelf_getehdr(image->elf, &image->header) ||
	    elf_getshdrnum(image->elf, &image->section_count) != 0 ||
	    elf_getshdrstrndx(image->elf, &image->section_names) != 0) {
		damaged(image, "header", err);
		elf_image_close(image);
		return -EBADMSG;
	}
	/* libelf takes a file whose section headers are cut off for one that has none */
	if (!range_fits(file.size, image->header.e_shoff,
			(uint64_t)image->section_count * image->header.e_shentsize) ||
	    (image->header.e_shoff && !image->section_count)) {
		elf_image_close(image);
		return error_set(err, -EBADMSG, "%s: damaged ELF file: cut off before its section headers",
				 name);
	}
	return 0;
}

void elf_image_close(struct elf_image *image)
{
	elf_end(image->elf);
	image->elf = NULL;
}

int elf_image_section(const struct elf_image *image, size_t index, struct elf_section *section,
		      struct error *err)
{
	Elf_Scn *scn;
	Elf_Data *data;

	*section = (struct elf_section){ .name = "" };
	if (index >= image->section_count)
		return 0;
	scn = elf_getscn(image->elf, index);
	if (!scn || !gelf_getshdr(scn, &section->header))
		return damaged(image, "section header", err);
	section->name = elf_strptr(image->elf, image->section_names, section->header.sh_name);
	if (!section->name)
		return damaged(image, "section name", err);
	if (check_name(image, "a section", section->name, err))
		return -EBADMSG;
	if (section->header.sh_type != SHT_NOBITS && section->header.sh_size > 0) {
		/* Raw, since what is read here is bytes that this tree decodes itself. */
		data = elf_rawdata(scn, NULL);
		if (!data)
			return damaged(image, section->name, err);
		section->data = slice_of(data->d_buf, data->d_size);
	}
	section->index = index;
	return 0;
}

int elf_image_find(const struct elf_image *image, const char *name, struct elf_section *section,
		   struct error *err)
{
	size_t i;
	int code;

	for (i = 1;; i++) {
		code = elf_image_section(image, i, section, err);
		if (code || !section->index || strcmp(section->name, name) == 0)
			return code;
	}
}

int elf_image_symbols(const struct elf_image *image,
		      int (*visit)(const struct elf_symbol *symbol, void *context), void *context,
		      struct error *err)
{
	struct elf_symbol symbol;
	GElf_Shdr header;
	Elf_Data *data;
	Elf_Scn *scn;
	size_t index;
	int i, code;

	for (index = 1; index < image->section_count; index++) {
		scn = elf_getscn(image->elf, index);
		if (!scn || !gelf_getshdr(scn, &header))
			return damaged(image, "section header", err);
		if (header.sh_type != SHT_SYMTAB)
			continue;
		data = elf_getdata(scn, NULL);
		if (!data)
			return damaged(image, "symbol table", err);
		for (i = 1; gelf_getsym(data, i, &symbol.entry); i++) {
			symbol.name = elf_strptr(image->elf, header.sh_link, symbol.entry.st_name);
			if (!symbol.name)
				symbol.name = "";
			code = check_name(image, "a symbol", symbol.name, err);
			if (!code)
				code = visit(&symbol, context);
			if (code)
				return code;
		}
		break; /* an object has one */
	}
	return 0;
}

/* The symbols that a relocation section refers to. */
static Elf_Data *linked_symbols(const struct elf_image *image, const GElf_Shdr *relocations,
				GElf_Shdr *header)
{
	Elf_Scn *scn = elf_getscn(image->elf, relocations->sh_link);

	if (!scn || !gelf_getshdr(scn, header) || header->sh_type != SHT_SYMTAB)
		return NULL;
	return elf_getdata(scn, NULL);
}

static int visit_relocations(const struct elf_image *image, Elf_Scn *scn, const GElf_Shdr *header,
			     int (*visit)(const struct elf_relocation *, void *), void *context,
			     struct error *err)
{
	struct elf_relocation relocation = { .section = header->sh_info };
	Elf_Data *data = elf_getdata(scn, NULL), *symbols;
	GElf_Shdr symbols_header;
	GElf_Rel entry;
	int i, code;

	symbols = linked_symbols(image, header, &symbols_header);
	if (!data || !symbols)
		return damaged(image, "relocations", err);
	for (i = 0; gelf_getrel(data, i, &entry); i++) {
		if (!gelf_getsym(symbols, (int)GELF_R_SYM(entry.r_info), &relocation.symbol.entry))
			return damaged(image, "a relocation's symbol", err);
		relocation.offset = entry.r_offset;
		relocation.type = (uint32_t)GELF_R_TYPE(entry.r_info);
		relocation.symbol.name = elf_strptr(image->elf, symbols_header.sh_link,
						    relocation.symbol.entry.st_name);
		if (!relocation.symbol.name)
			relocation.symbol.name = "";
		code = check_name(image, "a symbol", relocation.symbol.name, err);
		if (!code)
			code = visit(&relocation, context);
		if (code)
			return code;
	}
	return 0;
}

int elf_image_relocations(const struct elf_image *image,
			  int (*visit)(const struct elf_relocation *relocation, void *context),
			  void *context, struct error *err)
{
	GElf_Shdr header;
	Elf_Scn *scn;
	size_t index;
	int code;

	for (index = 1; index < image->section_count; index++) {
		scn = elf_getscn(image->elf, index);
		if (!scn || !gelf_getshdr(scn, &header))
			return damaged(image, "section header", err);
		if (header.sh_type != SHT_REL || header.sh_size == 0)
			continue;
		code = visit_relocations(image, scn, &header, visit, context, err);
		if (code)
			return code;
	}
	return 0;
}
