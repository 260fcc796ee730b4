/* SPDX-License-Identifier: BSD-2-Clause */
/* What `check` is to know of what `build` made for the kernel that runs. */
#ifndef INSTALLER_CHECK_BUILT_H
#define INSTALLER_CHECK_BUILT_H

#include "checker/check.h"

/* Bytes that struct check_built points to. */
struct check_built_files {
	struct buffer btf, object, canary_btf;
	char object_path[160];
};

/*
 * Reads it from what is installed below root of the payload's application; nothing where nothing is
 * installed, or was made for another build of this kernel, or the kernel exposes BTF.  What is
 * damaged or may not be read is nothing, too: `status` and `run` tell.  -EKEYREJECTED: it was given
 * to an install, and trust does not admit it, so `run` would not use it.  check_built_free() frees,
 * after a failure, too.
 */
int check_built_read(const char *root, const struct trust *trust, const struct payload *payload,
		     struct check_built_files *files, struct check_built *out, struct error *err);
void check_built_free(struct check_built_files *files);

#endif
