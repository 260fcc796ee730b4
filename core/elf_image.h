/* SPDX-License-Identifier: BSD-2-Clause */
/* Sections and symbols of an ELF file in memory, through libelf. */
#ifndef CORE_ELF_IMAGE_H
#define CORE_ELF_IMAGE_H

#include <gelf.h>
#include <stdbool.h>

#include "lib/bytes.h"
#include "lib/error.h"

struct elf_image {
	Elf *elf;
	GElf_Ehdr header;
	size_t section_count, section_names; /* the latter: index of the table of their names */
	const char *name;        /* for messages; the caller's */
};

struct elf_section {
	GElf_Shdr header;
	const char *name;
	struct slice data;       /* empty for SHT_NOBITS */
	size_t index;            /* 0: no such section */
};

/* Opens file, which must outlive the image; -EBADMSG when libelf does not take it for ELF. */
int elf_image_open(struct elf_image *image, struct slice file, const char *name, struct error *err);
void elf_image_close(struct elf_image *image);

/* Reads section index, 1 and up; *section gets index 0 behind the last one. */
int elf_image_section(const struct elf_image *image, size_t index, struct elf_section *section,
		      struct error *err);

/* Finds the first section of this name; index 0 in *section when there is none. */
int elf_image_find(const struct elf_image *image, const char *name, struct elf_section *section,
		   struct error *err);

/* One symbol: its name is "" where the string table has none. */
struct elf_symbol {
	GElf_Sym entry;
	const char *name;
};

/*
 * Calls visit for each symbol of the symbol table until it returns other than 0, which is
 * returned.
 */
int elf_image_symbols(const struct elf_image *image,
		      int (*visit)(const struct elf_symbol *symbol, void *context), void *context,
		      struct error *err);

/* A place in a section that refers to a symbol. */
struct elf_relocation {
	size_t section;          /* that it is a place in */
	uint64_t offset;
	uint32_t type;
	struct elf_symbol symbol;
};

/* Calls visit for each relocation (SHT_REL) until it returns other than 0, which is returned. */
int elf_image_relocations(const struct elf_image *image,
			  int (*visit)(const struct elf_relocation *relocation, void *context),
			  void *context, struct error *err);

#endif
