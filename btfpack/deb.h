/* SPDX-License-Identifier: BSD-2-Clause */
/* A Debian binary package (deb(5)) that carries a kernel. */
#ifndef BTFPACK_DEB_H
#define BTFPACK_DEB_H

#include <stdbool.h>

#include "lib/array.h"
#include "lib/error.h"

struct deb_kernel {
	char package[128];       /* control fields; "" where there is none */
	char version[128];
	char architecture[32];   /* as Debian names it: amd64 ... */
	char release[65];        /* out of the image's path */
	struct buffer vmlinuz;
};

bool deb_is(struct slice file);

/*
 * Reads the control fields and the first kernel image, boot/vmlinuz-RELEASE or
 * [usr/]lib/modules/RELEASE/vmlinuz.  -ENOENT: it carries none; -EBADMSG: damaged.  Errors do not
 * name the file.  deb_kernel_free() frees, after failure too.
 */
int deb_read_kernel(struct slice file, struct deb_kernel *out, struct error *err);
void deb_kernel_free(struct deb_kernel *kernel);

/* Debian's architecture as archives name it; NULL when it is not a known one. */
const char *deb_arch(const char *architecture);

/*
 * VERSION_ID of the Debian that a kernel of this package version and release was built for, by the
 * rule of docs/archive.md; "sid" when it is none of those released.
 */
const char *deb_version_id(const char *version, const char *release);

#endif
