/* SPDX-License-Identifier: BSD-2-Clause */
/* One more section in an ELF file. */
#ifndef CORE_ELF_ADD_H
#define CORE_ELF_ADD_H

#include "lib/array.h"
#include "lib/error.h"

/*
 * Appends to *out a copy of an ELF file with bytes as a section of this name, which is not loaded.
 * All else stays where it is, so that a program runs as before; `strip` keeps the section.
 * -EBADMSG: it is no ELF file.  name is the file's, for messages.
 */
int elf_add_section(struct slice file, const char *name, const char *section, struct slice bytes,
		    struct buffer *out, struct error *err);

#endif
