/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Bootable kernel images: what wraps the kernel proper.  x86 bzImage
 * (Documentation/arch/x86/boot.rst), EFI zboot (drivers/firmware/efi/libstub/zboot-header.S), and
 * the flat arm64 Image (Documentation/arch/arm64/booting.rst), which wraps nothing.
 */
#ifndef BTFPACK_VMLINUZ_H
#define BTFPACK_VMLINUZ_H

#include "lib/array.h"
#include "lib/error.h"

/* Bound on an unpacked kernel; today's have 30 to 80 MB. */
enum { VMLINUZ_MAX_SIZE = 512 * 1024 * 1024 };

enum vmlinuz_kind {
	VMLINUZ_NONE,    /* none of these */
	VMLINUZ_BZIMAGE,
	VMLINUZ_ZBOOT,
	VMLINUZ_IMAGE,   /* arm64 */
};

enum vmlinuz_kind vmlinuz_kind(struct slice file);

/* Architecture, as archives name it, that a header tells; NULL when it tells none. */
const char *vmlinuz_arch(struct slice file);

/*
 * Appends the kernel inside file to *out: an ELF file or a flat Image.  -EBADMSG: damaged;
 * -ENOTSUP: no image that is known, too old, or a compression that is not read; -EFBIG: it unpacks
 * to more than max_size bytes.  Errors do not name the file.
 */
int vmlinuz_unpack(struct slice file, size_t max_size, struct buffer *out, struct error *err);

#endif
