/* SPDX-License-Identifier: BSD-2-Clause */
/* Functions in programs and libraries, where uprobes attach. */
#ifndef HOST_UPROBES_H
#define HOST_UPROBES_H

#include <libelf.h>

#include "host/probe.h"

/*
 * Whether a file below a root has a function, as libbpf looks for both: a file without a slash in
 * the folders of programs, or of libraries when it is named like one; a function in either table
 * of symbols, "FUNCTION+OFFSET" by its name, an address or "" as there.  no with ENOENT: no such
 * file; ENOEXEC: it is no ELF file; ESRCH: it has no such function.
 */
struct probe uprobe_find(int root_fd, const char *file, const char *function);

/* The same in a file that libelf has opened, whatever it is. */
struct probe uprobe_find_in(Elf *elf, const char *function);

#endif
