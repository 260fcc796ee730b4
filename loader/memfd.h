/* SPDX-License-Identifier: BSD-2-Clause */
/* A file in memory, for libbpf, which takes a BTF by path only. */
#ifndef LOADER_MEMFD_H
#define LOADER_MEMFD_H

#include "lib/bytes.h"
#include "lib/error.h"

enum { MEMFD_PATH_SIZE = 32 };

/*
 * Writes data to a sealed file in memory: nobody changes the bytes any more that were checked.
 * Returns a descriptor for the caller to close, and the path that opens it.
 */
int memfd_of(struct slice data, const char *name, char path[static MEMFD_PATH_SIZE],
	     struct error *err);

#endif
