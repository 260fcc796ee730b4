/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <string.h>

#include <archive.h>
#include <archive_entry.h>

#include "btfpack/decompress.h"
#include "btfpack/lz4_frame.h"
#include "btfpack/xz_memory.h"

enum { BLOCK_SIZE = 64 * 1024 };

int decompress_failed(struct archive *reader, struct error *err)
{
	const char *text = archive_error_string(reader);
	int number = archive_errno(reader);

	if (number == ENOMEM)
		return error_errno(err, -ENOMEM, "libarchive");
	return error_set(err, -EBADMSG, "damaged or cut short: %s", text ? text : "unknown error");
}

struct archive *decompress_reader(void)
{
	struct archive *reader = archive_read_new();

	if (!reader)
		return NULL;
	if (archive_read_support_filter_gzip(reader) == ARCHIVE_OK &&
	    archive_read_support_filter_bzip2(reader) == ARCHIVE_OK &&
	    archive_read_support_filter_xz(reader) == ARCHIVE_OK &&
	    archive_read_support_filter_lzma(reader) == ARCHIVE_OK &&
	    archive_read_support_filter_zstd(reader) == ARCHIVE_OK &&
	    archive_read_support_filter_lz4(reader) == ARCHIVE_OK)
		return reader;
	archive_read_free(reader);
	return NULL;
}

int decompress_entry(struct archive *reader, size_t max_size, struct buffer *out,
		     struct error *err)
{
	size_t start = out->size;
	la_ssize_t got;
	int code;

	for (;;) {
		code = buffer_reserve(out, BLOCK_SIZE);
		if (code) {
			error_errno(err, code, "unpacking");
			break;
		}
		got = archive_read_data(reader, out->data + out->size, BLOCK_SIZE);
		if (got == ARCHIVE_RETRY)
			continue;
		if (got < 0) {
			code = decompress_failed(reader, err);
			break;
		}
		if (got == 0)
			return 0;
		out->size += (size_t)got;
		if (out->size - start > max_size) {
			code = error_set(err, -EFBIG, "unpacks to more than the %zu bytes allowed",
					 max_size);
			break;
		}
	}
	out->size = start;
	return code;
}

static bool ends_in(const char *text, const char *end)
{
	size_t length = strlen(text), end_length = strlen(end);

	return length > end_length && strcmp(text + length - end_length, end) == 0;
}

/* The one entry of a bare stream. */
static int find_stream(struct archive *reader, struct error *err)
{
	struct archive_entry *entry;

	if (archive_read_next_header(reader, &entry) < ARCHIVE_WARN)
		return decompress_failed(reader, err);
	/* libarchive takes any bytes for a stream; without a filter they are none. */
	if (archive_filter_count(reader) < 2)
		return error_set(err, -ENOTSUP, "of no known compression");
	return 0;
}

static int find_btf(struct archive *reader, struct error *err)
{
	struct archive_entry *entry;
	const char *name;
	int code;

	for (;;) {
		code = archive_read_next_header(reader, &entry);
		if (code == ARCHIVE_EOF)
			return error_set(err, -EBADMSG, "a tar file that holds no .btf file");
		if (code < ARCHIVE_WARN)
			return decompress_failed(reader, err);
		name = archive_entry_pathname(entry);
		if (archive_entry_filetype(entry) == AE_IFREG && name && ends_in(name, ".btf"))
			return 0;
	}
}

/* What an external program would be needed for. */
static const char *foreign_compression(struct slice packed)
{
	static const struct {
		const char *name;
		size_t size;
		uint8_t magic[9];
	} known[] = {
		{ "LZO (unpack it with lzop)", 9,
		  { 0x89, 'L', 'Z', 'O', 0x00, 0x0d, 0x0a, 0x1a, 0x0a } },
		{ "lrzip (unpack it with lrzip)", 4, { 'L', 'R', 'Z', 'I' } },
		{ "lzip (unpack it with lzip)", 4, { 'L', 'Z', 'I', 'P' } },
		{ "compress (unpack it with gzip)", 2, { 0x1f, 0x9d } },
	};
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (packed.size >= known[i].size &&
		    memcmp(packed.data, known[i].magic, known[i].size) == 0)
			return known[i].name;
	return NULL;
}

/* Reads what find goes to, in a file of the format that add_format announces. */
static int read_one(struct slice file, int (*add_format)(struct archive *),
		    int (*find)(struct archive *, struct error *), size_t max_size,
		    struct buffer *out, struct error *err)
{
	struct archive *reader;
	int code = xz_memory_check(file, err);

	if (code)
		return code;
	reader = decompress_reader();
	if (!reader)
		return error_errno(err, -ENOMEM, "libarchive");
	add_format(reader);
	if (archive_read_open_memory(reader, file.data, file.size) < ARCHIVE_WARN)
		code = decompress_failed(reader, err);
	else
		code = find(reader, err);
	if (!code)
		code = decompress_entry(reader, max_size, out, err);
	archive_read_free(reader);
	return code;
}

int decompress(struct slice packed, size_t max_size, struct buffer *out, struct error *err)
{
	const char *foreign = foreign_compression(packed);

	if (packed.size == 0)
		return error_set(err, -EBADMSG, "empty");
	if (foreign)
		return error_set(err, -ENOTSUP, "compression that is not read: %s", foreign);
	return read_one(packed, archive_read_support_format_raw, find_stream, max_size, out, err);
}

bool tar_is(struct slice file)
{
	enum { MAGIC_OFFSET = 257 };

	/* Asking libarchive would not do: it takes a kernel that begins with zeroes for an empty tar. */
	return file.size > MAGIC_OFFSET + 5 && memcmp(file.data + MAGIC_OFFSET, "ustar", 5) == 0;
}

int tar_read_btf(struct slice tar, size_t max_size, struct buffer *out, struct error *err)
{
	return read_one(tar, archive_read_support_format_tar, find_btf, max_size, out, err);
}

/* A tar file, of which it is the first .btf, or else a bare stream. */
static int find_btf_or_stream(struct archive *reader, struct error *err)
{
	struct archive_entry *entry;
	const char *name;

	if (archive_read_next_header(reader, &entry) < ARCHIVE_WARN)
		return decompress_failed(reader, err);
	if (archive_format(reader) == ARCHIVE_FORMAT_RAW)
		return archive_filter_count(reader) < 2
			       ? error_set(err, -ENOTSUP, "of no known compression") : 0;
	name = archive_entry_pathname(entry);
	if (archive_entry_filetype(entry) == AE_IFREG && name && ends_in(name, ".btf"))
		return 0;
	return find_btf(reader, err);
}

static int add_tar_and_raw(struct archive *reader)
{
	int code = archive_read_support_format_tar(reader);

	return code == ARCHIVE_OK ? archive_read_support_format_raw(reader) : code;
}

int decompress_btf(struct slice file, size_t max_size, struct buffer *out, struct error *err)
{
	const char *foreign = foreign_compression(file);
	size_t start = out->size;
	int code;

	if (foreign)
		return error_set(err, -ENOTSUP, "compression that is not read: %s", foreign);
	if (lz4_frame_is(file)) {
		code = lz4_frame_unpack(file, max_size, out, err);
		if (code || !tar_is(slice_of(out->data + start, out->size - start)))
			return code;
		out->size = start;
	}
	return read_one(file, add_tar_and_raw, find_btf_or_stream, max_size, out, err);
}
