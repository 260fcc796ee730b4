/* SPDX-License-Identifier: BSD-2-Clause */
/* A Debian binary package (deb(5)) that carries a kernel; Ubuntu's .ddeb is one too. */
#ifndef BTFPACK_DEB_H
#define BTFPACK_DEB_H

#include "btfpack/package.h"

bool deb_is(struct slice file);

/*
 * Reads the control fields and the first kernel image.  -ENOENT: it carries none; -EBADMSG:
 * damaged.  Errors do not name the file.  package_free() frees, after failure too.
 */
int deb_read_kernel(struct slice file, struct package_kernel *out, struct error *err);

#endif
