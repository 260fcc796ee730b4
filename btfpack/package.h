/* SPDX-License-Identifier: BSD-2-Clause */
/* What a distribution's package that carries a kernel has in common: deb.c and rpm.c read them. */
#ifndef BTFPACK_PACKAGE_H
#define BTFPACK_PACKAGE_H

#include "lib/array.h"
#include "lib/error.h"

#include "btfpack/distro.h"

struct archive;       /* libarchive's */
struct archive_entry;

/* Bound on an image; a vmlinux with debug information has up to 1 GB. */
#define PACKAGE_IMAGE_MAX_SIZE ((size_t)2 << 30)

struct package_kernel {
	char name[128], version[128]; /* of the package; "" where it does not tell */
	char maker[128];              /* maintainer or vendor */
	char arch[32];                /* as archives name it; "" when not a known one */
	char release[65];             /* out of the image's path */
	struct distro distro;
	struct buffer image;          /* vmlinuz, Image or vmlinux, as it lies in the package */
};

/*
 * Reads the kernel's release out of a path in a package: boot/vmlinuz-R, lib/modules/R/vmlinuz, and
 * vmlinux of debug packages, below usr/lib/debug.  False when the path is no kernel's.
 */
bool package_image_release(const char *path, char release[static 65]);

/* Takes the image when entry is one: 1 it is, 0 it is not, or a negative errno. */
int package_take_image(struct archive *reader, struct archive_entry *entry,
		       struct package_kernel *out, struct error *err);

/* The error of a package in which there is no image; -ENOENT. */
int package_without_image(const struct package_kernel *package, struct error *err);

void package_free(struct package_kernel *package);

#endif
