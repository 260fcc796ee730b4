/* SPDX-License-Identifier: BSD-2-Clause */
/* Inside host/: a BTF file that is open, and the build of the kernel that it should be of. */
#ifndef HOST_BTF_IMAGE_H
#define HOST_BTF_IMAGE_H

#include <stdbool.h>

#include "host/btf_file.h"

struct btf_build {
	const char *release, *build; /* uname -r and -v */
};

/*
 * As btf_file_read().  With a build, an ELF file whose banner ("Linux version ...") names another
 * one is -ESTALE; one without a banner, as raw BTF, cannot be told and passes.
 */
int btf_image_read(int fd, const char *name, const struct btf_build *build, struct buffer *out,
		   struct error *err);

/*
 * True when there is a kernel's banner among these bytes, a vmlinux's .rodata, and it names another
 * build than the expected one, whose build may be "": then only releases are compared.
 */
bool btf_image_is_of_another(struct slice bytes, const struct btf_build *expected);

#endif
