/* SPDX-License-Identifier: BSD-2-Clause */
/* A kernel's vmlinux with its debug information, as distributions' debug packages install it. */
#ifndef HOST_DEBUG_INFO_H
#define HOST_DEBUG_INFO_H

#include <limits.h>
#include <stdbool.h>

#include "lib/error.h"

struct debug_info {
	char path[PATH_MAX];
	bool has_btf;            /* section .BTF, which is all there is to get */
};

/*
 * Finds it for release: as folder/vmlinux, or where packages put it when folder is NULL.  build is
 * the kernel's uname -v, "" when not known; of a kernel that runs the build ID is compared, too.
 * -ENOENT: there is none (with DWARF or BTF in it); -ESTALE: it is of another build.
 */
int debug_info_find(const char *folder, const char *release, const char *build, bool is_running,
		    struct debug_info *out, struct error *err);

#endif
