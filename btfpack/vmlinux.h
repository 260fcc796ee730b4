/* SPDX-License-Identifier: BSD-2-Clause */
/* What an unpacked kernel (an ELF vmlinux or a flat image) says: its BTF and its banner. */
#ifndef BTFPACK_VMLINUX_H
#define BTFPACK_VMLINUX_H

#include <stdbool.h>

#include "lib/bytes.h"
#include "lib/error.h"

/* The kernel's own limits on uname(2) fields, __NEW_UTS_LEN and a NUL. */
enum { BANNER_FIELD_SIZE = 65 };

struct vmlinux_banner {
	char release[BANNER_FIELD_SIZE]; /* uname -r */
	char build[BANNER_FIELD_SIZE];   /* uname -v */
};

/*
 * Gives the BTF in kernel, a part of it: the .BTF section, or where there is none the first run of
 * bytes that is a whole BTF (none is looked for amid DWARF).  -ENOENT: it holds none; -EBADMSG,
 * -ENOTSUP: as btf_view_open() has it.  Errors do not name the kernel.
 */
int vmlinux_btf(struct slice kernel, struct slice *btf, struct error *err);

/* True for an ELF kernel that has debug information: section .debug_info. */
bool vmlinux_has_dwarf(struct slice kernel);

/* Reads "Linux version RELEASE (who@where) (compiler) #N ..."; false when there is none. */
bool vmlinux_banner(struct slice kernel, struct vmlinux_banner *out);

/* Architecture of an ELF kernel, as archives name it; NULL when it is no ELF or not a known one. */
const char *vmlinux_arch(struct slice kernel);

#endif
