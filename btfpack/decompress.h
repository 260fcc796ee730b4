/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Compressed bytes through libarchive.  Only what is linked in is used: gzip, bzip2, xz, lzma, zstd
 * and lz4 (frames and the kernel's legacy form).  libarchive would start external programs for
 * others; those are refused by name.
 */
#ifndef BTFPACK_DECOMPRESS_H
#define BTFPACK_DECOMPRESS_H

#include <stdbool.h>

#include "lib/array.h"
#include "lib/error.h"

struct archive; /* libarchive's */

/*
 * Appends the content of a compressed stream to *out.  -ENOTSUP when it is none, -EBADMSG when it
 * is damaged or ends early, -EFBIG when there is more than max_size bytes.  Errors do not name
 * packed.
 */
int decompress(struct slice packed, size_t max_size, struct buffer *out, struct error *err);

/* True for a tar file that is not compressed. */
bool tar_is(struct slice file);

/* Appends the first member *.btf of a tar file to *out; errors are as above. */
int tar_read_btf(struct slice tar, size_t max_size, struct buffer *out, struct error *err);

/*
 * Appends the BTF in a file of an archive, which is a compressed stream, a tar file, or a tar file
 * in a compressed stream; of a tar file it is the first member *.btf.  Errors are as above.
 */
int decompress_btf(struct slice file, size_t max_size, struct buffer *out, struct error *err);

/* A libarchive reader that knows the filters above and no format yet; archive_read_free() frees. */
struct archive *decompress_reader(void);

/* Appends the content of the entry that reader stands at. */
int decompress_entry(struct archive *reader, size_t max_size, struct buffer *out,
		     struct error *err);

/* Turns what libarchive says about its last failure into an error and a negative errno. */
int decompress_failed(struct archive *reader, struct error *err);

#endif
