/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The headers of one kernel, as distributions install them for those who build modules: a build
 * folder with what was generated for that very configuration, and a source folder, which may be the
 * same (Documentation/kbuild/modules.rst).
 */
#ifndef BUILDER_HEADERS_H
#define BUILDER_HEADERS_H

#include <limits.h>
#include <stdbool.h>

#include "lib/error.h"

struct kernel_headers {
	char build[PATH_MAX], source[PATH_MAX]; /* absolute, links resolved */
	char release[65];        /* as uname -r: UTS_RELEASE */
	char version[65];        /* as uname -v: UTS_VERSION; "" where the headers do not tell */
};

/*
 * Finds the headers of release: in folder (a build or source tree, or a root that packages were
 * unpacked in), or where distributions put them when that is NULL.  -ENOENT: there are none, and
 * err says where they were looked for.  -ESTALE: they are another kernel's; build, the kernel's
 * uname -v, is compared where both are known; "" when it is not.  -ENOTSUP: structs of this kernel
 * are randomised, so that headers do not tell how they lie.
 */
int headers_find(const char *folder, const char *release, const char *build,
		 struct kernel_headers *out, struct error *err);

/* True when a header of this name ("linux/sched.h", "fs/mount.h") is there. */
bool headers_have(const struct kernel_headers *headers, const char *srcarch, const char *name);

/* True when the kernel was built with the option, into itself or as a module. */
bool headers_have_option(const struct kernel_headers *headers, const char *option);

#endif
