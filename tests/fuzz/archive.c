/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any bytes as a file of an archive of BTFs: a compressed stream, a tar file, or both.  However
 * much is claimed or packed, no more than the limit comes out, and nothing when it is refused.
 */
#include <stdlib.h>

#include "btfpack/decompress.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	enum { LIMIT = 256 * 1024 };
	struct error err = ERROR_NONE;
	struct buffer out = { 0 };
	int code = decompress_btf(slice_of(data, size), LIMIT, &out, &err);

	if (code ? out.size != 0 || !err.text[0] : out.size > LIMIT)
		abort();
	buffer_free(&out);
	return 0;
}
