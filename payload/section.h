/* SPDX-License-Identifier: BSD-2-Clause */
/* The payload inside an ELF program, section .btferry.payload, and its signature beside it. */
#ifndef PAYLOAD_SECTION_H
#define PAYLOAD_SECTION_H

#include <stdbool.h>

#include "lib/bytes.h"
#include "lib/error.h"

/* True when file begins as an ELF file does. */
bool section_is_elf(struct slice file);

/*
 * Gives the bytes of the section called wanted within file.  -ENOENT: this ELF file has none;
 * -EBADMSG: it is damaged.  name is for messages.
 */
int section_find(struct slice file, const char *name, const char *wanted, struct slice *out,
		 struct error *err);

#endif
