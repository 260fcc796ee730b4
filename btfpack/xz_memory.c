/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include <lzma.h>

#include "btfpack/xz_memory.h"

/* As xz has it and libarchive tells it: .lzma has no magic, but a likely first byte. */
static bool is_xz(struct slice start)
{
	static const uint8_t magic[] = { 0xfd, '7', 'z', 'X', 'Z', 0x00 };

	return (start.size >= sizeof(magic) && memcmp(start.data, magic, sizeof(magic)) == 0) ||
	       (start.size >= 13 && start.data[0] <= 0xe0);
}

int xz_memory_check(struct slice start, struct error *err)
{
	lzma_stream stream = LZMA_STREAM_INIT;
	uint8_t nothing;
	lzma_ret result;

	if (!is_xz(start) || lzma_auto_decoder(&stream, XZ_MEMORY_MAX, 0) != LZMA_OK)
		return 0;
	/* Without room for a byte, only headers are read. */
	stream.next_in = start.data;
	stream.avail_in = start.size;
	stream.next_out = &nothing;
	result = lzma_code(&stream, LZMA_RUN);
	lzma_end(&stream);
	return result == LZMA_MEMLIMIT_ERROR ?
	       error_set(err, -EFBIG, "wants more than %d MiB of memory to be unpacked (xz)",
			 XZ_MEMORY_MAX >> 20) : 0;
}
