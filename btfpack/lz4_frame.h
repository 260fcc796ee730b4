/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lz4 frames (lz4's doc/lz4_Frame_format.md), which the archive's own files are.  libarchive reads
 * them too, but copies everything twice on the way; straight into place they unpack at the speed of
 * memory.
 */
#ifndef BTFPACK_LZ4_FRAME_H
#define BTFPACK_LZ4_FRAME_H

#include <stdbool.h>

#include "lib/array.h"
#include "lib/error.h"

bool lz4_frame_is(struct slice file);

/*
 * Appends what one frame holds to *out.  -EBADMSG: damaged, cut short, or something behind it;
 * -EFBIG: more than max_size bytes.
 */
int lz4_frame_unpack(struct slice file, size_t max_size, struct buffer *out, struct error *err);

/* Appends data as a frame that carries its size; the same data always gives the same frame. */
int lz4_frame_pack(struct slice data, struct buffer *out, struct error *err);

#endif
