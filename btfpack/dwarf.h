/* SPDX-License-Identifier: BSD-2-Clause */
/* BTF of a vmlinux that has debug information (DWARF) only: pahole makes it. */
#ifndef BTFPACK_DWARF_H
#define BTFPACK_DWARF_H

#include "lib/array.h"
#include "lib/error.h"

/*
 * Appends what `pahole -J --btf_encode_detached` makes of vmlinux to *btf.  path is a file with
 * just these bytes, or NULL: then they are written to one in directory, where the result goes for
 * a moment too.  -ENOTSUP: there is no pahole, and how to get it; -EBADMSG: it failed, in its own
 * words.  Errors do not name the kernel.
 */
int dwarf_to_btf(struct slice vmlinux, const char *path, const char *directory, struct buffer *btf,
		 struct error *err);

#endif
