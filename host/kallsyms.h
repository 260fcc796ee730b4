/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Functions and variables of the running kernel, as /proc/kallsyms lists them, and which of them
 * can be traced.  Each of these files is read once from start to end for all names together,
 * and only where a name is asked for: /proc/kallsyms alone takes a quarter of a second.
 */
#ifndef HOST_KALLSYMS_H
#define HOST_KALLSYMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "host/probe.h"

struct symbol {
	const char *name;        /* set by the caller, as the rest is by kallsyms_find() */
	struct probe found;      /* no: the list was read and has no such name */
	char type;               /* as nm(1) has it: 't', 'T', 'd' ...; 0 when not found */
	bool hidden;             /* there, with address 0 (kernel.kptr_restrict) */
	uint32_t count;          /* how many have this name */
	char module[64];         /* "" for the kernel itself */
	char near[256];          /* "vfs_read.isra.0, vfs_read.constprop.0": what the compiler made */

	/* Of functions that were found; else unknown, without an errno. */
	struct probe traceable;  /* ftrace can enter there: in available_filter_functions */
	struct probe blacklisted; /* kprobes are forbidden there */
};

/*
 * Fills symbols, whose names differ, from /proc below a root, tracefs and debugfs.  What cannot be
 * read is unknown with its errno; so is everything in a file system whose descriptor is a negative
 * errno.
 */
void kallsyms_find(int root_fd, int tracefs_fd, int debugfs_fd, struct symbol *symbols,
		   size_t count);

/* True for types of functions. */
bool symbol_is_function(const struct symbol *symbol);

#endif
