/* SPDX-License-Identifier: BSD-2-Clause */
/* An RPM package that carries a kernel: the image itself, or vmlinux in a debuginfo package. */
#ifndef BTFPACK_RPM_H
#define BTFPACK_RPM_H

#include "btfpack/package.h"

bool rpm_is(struct slice file);

/* Reads name, version, maker and architecture out of the header; -EBADMSG: damaged. */
int rpm_read_tags(struct slice file, struct package_kernel *out, struct error *err);

/*
 * Reads the header's tags and the first kernel image.  -ENOENT: it carries none; -EBADMSG: damaged.
 * Errors do not name the file.  package_free() frees, after failure too.
 */
int rpm_read_kernel(struct slice file, struct package_kernel *out, struct error *err);

#endif
