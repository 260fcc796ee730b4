/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Compilers that are at hand.  A kernel's headers hold assembly of their own architecture, which
 * clang cannot compile for BPF: so it compiles for that architecture, as far as LLVM's intermediate
 * form, and llc makes BPF of that.  They must be of one version to understand each other.
 */
#ifndef BUILDER_TOOLCHAIN_H
#define BUILDER_TOOLCHAIN_H

#include <limits.h>
#include <stdbool.h>

#include "lib/error.h"

struct toolchain {
	char clang[PATH_MAX], opt[PATH_MAX], llc[PATH_MAX]; /* absolute */
};

/*
 * Finds clang (named: by this path; NULL: clang, or the newest clang-N, where distributions have
 * programs) and the opt and llc that belong to it.  -ENOENT says what is missing.
 */
int toolchain_find(const char *named, struct toolchain *out, struct error *err);

/* Finds pahole, which makes BTF of DWARF; path has room for PATH_MAX bytes.  -ENOENT. */
int toolchain_find_pahole(char *path, struct error *err);

#endif
