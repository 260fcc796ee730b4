/* SPDX-License-Identifier: BSD-2-Clause */
/* Which architecture a kernel's BTF is of: BTF itself does not say. */
#ifndef HOST_BTF_ARCH_H
#define HOST_BTF_ARCH_H

#include "core/btf.h"

/* As archives name it (x86_64, i386, arm64, riscv64), by the registers; NULL: cannot be told. */
const char *btf_arch(const struct btf_view *btf);

/*
 * What a BTF is of that is said to be of a kernel for arch: another architecture, by its registers
 * or by the size of a pointer ("a 32-bit architecture"); NULL: nothing speaks against it.
 */
const char *btf_arch_other(const struct btf_view *btf, const char *arch);

#endif
