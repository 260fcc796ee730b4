/* SPDX-License-Identifier: BSD-2-Clause */
/* What the file of a kernel that does not run yet tells without being unpacked. */
#ifndef HOST_KERNEL_IMAGE_H
#define HOST_KERNEL_IMAGE_H

#include "lib/bytes.h"

enum { KERNEL_BUILD_SIZE = 65 };

/*
 * The build (uname -v) of the kernel image below root (NULL: "/"), "" where the file does not tell,
 * cannot be read, or is of another release.  x86 images tell; those of arm64 are packed whole.
 */
void kernel_image_build(const char *root, const char *path, const char *release,
			char build[KERNEL_BUILD_SIZE]);

/* The same of the image's first bytes. */
void kernel_image_build_in(struct slice setup, const char *release,
			   char build[KERNEL_BUILD_SIZE]);

#endif
