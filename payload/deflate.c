/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>

#include <zlib.h>

#include "payload/deflate.h"

enum { RAW_WINDOW = -15, MEMORY_LEVEL = 9, BLOCK_ENDS = 64 };

static int deflate_piece(z_stream *z, struct slice piece, int flush, struct buffer *out)
{
	int code, result;

	z->next_in = (Bytef *)piece.data; /* zlib does not write there */
	z->avail_in = (uInt)piece.size;
	do {
		code = buffer_reserve(out, deflateBound(z, z->avail_in) + BLOCK_ENDS);
		if (code)
			return code;
		z->next_out = out->data + out->size;
		z->avail_out = (uInt)(out->capacity - out->size);
		result = deflate(z, flush);
		out->size = out->capacity - z->avail_out;
	} while (z->avail_in > 0 || (flush == Z_FINISH && result == Z_OK));
	return result == Z_STREAM_ERROR ? -EINVAL : 0;
}

int deflate_append(const struct slice *pieces, size_t count, struct buffer *out)
{
	z_stream z = { 0 };
	int code = 0;
	size_t i;

	if (deflateInit2(&z, Z_BEST_COMPRESSION, Z_DEFLATED, RAW_WINDOW, MEMORY_LEVEL,
			 Z_DEFAULT_STRATEGY) != Z_OK)
		return -ENOMEM;
	for (i = 0; i < count && !code; i++)
		code = deflate_piece(&z, pieces[i], i + 1 < count ? Z_BLOCK : Z_FINISH, out);
	deflateEnd(&z);
	return code;
}

int inflate_append(struct slice stored, size_t size, struct buffer *out)
{
	z_stream z = { .next_in = (Bytef *)stored.data, .avail_in = (uInt)stored.size };
	int code, result;

	/* One byte more, so that a stream that holds more is not taken for a whole one. */
	code = buffer_reserve(out, size + 1);
	if (code)
		return code;
	result = inflateInit2(&z, RAW_WINDOW);
	if (result != Z_OK)
		return -ENOMEM;
	z.next_out = out->data + out->size;
	z.avail_out = (uInt)size + 1;
	result = inflate(&z, Z_FINISH);
	inflateEnd(&z);
	if (result == Z_MEM_ERROR)
		return -ENOMEM;
	if (result != Z_STREAM_END || z.avail_out != 1 || z.avail_in != 0)
		return -EBADMSG;
	out->size += size;
	return 0;
}
