/* SPDX-License-Identifier: BSD-2-Clause */
/* Makes a .run: a program that carries its payload as ELF section .btferry.payload. */
#ifndef BTFPACK_EMBED_H
#define BTFPACK_EMBED_H

#include "lib/array.h"
#include "lib/error.h"

/*
 * Appends to *out a copy of program (an ELF file) with payload as one more section, and signature,
 * unless it is empty, as another one.  What is loaded
 * of the program stays where it is, so that it runs as before; `strip` keeps the section.  -EEXIST:
 * it carries a payload already; -EBADMSG: it is no ELF file.  name is the program's, for messages.
 */
int embed_payload(struct slice program, const char *name, struct slice payload,
		  struct slice signature, struct buffer *out, struct error *err);

#endif
