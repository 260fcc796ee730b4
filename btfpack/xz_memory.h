/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What unpacking a .xz or .lzma stream takes.  Its header may claim 4 GiB of dictionary, whatever
 * it holds, and libarchive has liblzma allocate that without a limit.
 */
#ifndef BTFPACK_XZ_MEMORY_H
#define BTFPACK_XZ_MEMORY_H

#include "lib/bytes.h"
#include "lib/error.h"

/* Twice what the kernel's own build takes at most (scripts/xz_wrap.sh: 128 MiB). */
enum { XZ_MEMORY_MAX = 256 * 1024 * 1024 };

/*
 * -EFBIG when the stream that begins with start wants more than XZ_MEMORY_MAX.  All else passes,
 * what is no such stream too: who unpacks it sees that.
 */
int xz_memory_check(struct slice start, struct error *err);

#endif
