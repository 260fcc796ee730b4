/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>

#include <lz4frame.h>

#include "btfpack/lz4_frame.h"

/*
 * Where kernels' BTF stops shrinking: 7.0 has 5.4 MB, which levels 3, 9 and 12 make 2.30, 2.22 and
 * 2.20 MB; xz makes it 1.27 MB and needs sixty times as long to unpack.
 */
enum { LEVEL = 9 };

/* The largest block of a frame; with that much room lz4 writes straight to its place. */
enum { BLOCK_MAX = 4 * 1024 * 1024 };

/* A byte of a match's length stands for 255; no block packs better. */
enum { RATIO_MAX = 255 };

bool lz4_frame_is(struct slice file)
{
	return file.size >= 4 && load_le32(file.data) == LZ4F_MAGICNUMBER;
}

static int damaged(size_t result, struct error *err)
{
	return error_set(err, -EBADMSG, "damaged or cut short: lz4: %s", LZ4F_getErrorName(result));
}

/* Reads the frame's header; *size is 0 where it does not tell the content's. */
static int read_header(LZ4F_dctx *context, struct slice *rest, uint64_t *size, struct error *err)
{
	size_t used = rest->size, hint;
	LZ4F_frameInfo_t info;

	hint = LZ4F_getFrameInfo(context, &info, rest->data, &used);
	if (LZ4F_isError(hint))
		return damaged(hint, err);
	*rest = slice_of(rest->data + used, rest->size - used);
	*size = info.contentSize;
	return 0;
}

static int unpack_blocks(LZ4F_dctx *context, struct slice rest, uint64_t size, size_t max_size,
			 struct buffer *out, struct error *err)
{
	size_t start = out->size, hint = 1, room = (size_t)size + BLOCK_MAX;
	/* Where all of it goes to one place that stays, lz4 need not keep a copy of what it refers to. */
	const LZ4F_decompressOptions_t options = { .stableDst = size > 0 };

	while (hint != 0) {
		size_t used = rest.size, made = room;

		if (buffer_reserve(out, room))
			return error_errno(err, -ENOMEM, "unpacking");
		hint = LZ4F_decompress(context, out->data + out->size, &made, rest.data, &used, &options);
		if (LZ4F_isError(hint))
			return damaged(hint, err);
		out->size += made;
		rest = slice_of(rest.data + used, rest.size - used);
		if (out->size - start > max_size)
			return error_set(err, -EFBIG, "unpacks to more than the %zu bytes allowed", max_size);
		if (hint != 0 && used == 0 && made == 0)
			return error_set(err, -EBADMSG, "damaged or cut short: lz4: the frame does not end");
		room = size ? room - made : BLOCK_MAX;
	}
	if (rest.size > 0)
		return error_set(err, -EBADMSG, "damaged: %zu bytes behind the lz4 frame", rest.size);
	return 0;
}

int lz4_frame_unpack(struct slice file, size_t max_size, struct buffer *out, struct error *err)
{
	size_t start = out->size, result;
	LZ4F_dctx *context;
	uint64_t size = 0;
	int code;

	result = LZ4F_createDecompressionContext(&context, LZ4F_VERSION);
	if (LZ4F_isError(result))
		return error_errno(err, -ENOMEM, "lz4");
	code = read_header(context, &file, &size, err);
	if (!code && size > max_size)
		code = error_set(err, -EFBIG, "unpacks to more than the %zu bytes allowed", max_size);
	if (!code && size / RATIO_MAX > file.size)
		code = error_set(err, -EBADMSG, "damaged: claims to unpack to %llu bytes, and has %zu",
				 (unsigned long long)size, file.size);
	if (!code)
		code = unpack_blocks(context, file, size, max_size, out, err);
	LZ4F_freeDecompressionContext(context);
	if (code)
		out->size = start;
	return code;
}

int lz4_frame_pack(struct slice data, struct buffer *out, struct error *err)
{
	const LZ4F_preferences_t preferences = {
		.frameInfo = {
			.blockSizeID = LZ4F_max4MB,
			.blockMode = LZ4F_blockLinked,
			.contentSize = data.size,
		},
		.compressionLevel = LEVEL,
	};
	size_t bound = LZ4F_compressFrameBound(data.size, &preferences), made;

	if (buffer_reserve(out, bound))
		return error_errno(err, -ENOMEM, "packing");
	made = LZ4F_compressFrame(out->data + out->size, bound, data.data, data.size, &preferences);
	if (LZ4F_isError(made))
		return error_set(err, -ENOMEM, "packing: lz4: %s", LZ4F_getErrorName(made));
	out->size += made;
	return 0;
}
