/* SPDX-License-Identifier: BSD-2-Clause */
/* Kernel images: headers built byte by byte around a real compressed stream, good and damaged. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <archive.h>
#include <archive_entry.h>
#include <cmocka.h>

#include "btfpack/decompress.h"
#include "btfpack/vmlinuz.h"

static const char kernel[] = "a kernel that is not one, long enough to be worth packing packing";

/* A bzImage of protocol 2.15 with one setup sector; payload may be followed by its size. */
static void make_bzimage(struct buffer *out, struct slice payload, uint32_t length)
{
	static const uint8_t no_bytes[1024];

	assert_int_equal(buffer_append(out, no_bytes, sizeof(no_bytes)), 0);
	out->data[0x1f1] = 1;
	store_le16(out->data + 0x1fe, 0xaa55);
	memcpy(out->data + 0x202, "HdrS", 4);
	store_le16(out->data + 0x206, 0x20f);
	store_le16(out->data + 0x236, 0x7f);
	store_le32(out->data + 0x248, 16);
	store_le32(out->data + 0x24c, length);
	assert_int_equal(buffer_append(out, no_bytes, 16), 0);
	assert_int_equal(buffer_append(out, payload.data, payload.size), 0);
}

/* The kernel as a build appends it: a zstd frame and the unpacked size in 4 bytes. */
static void make_payload(struct buffer *out)
{
	struct archive *writer = archive_write_new();
	struct archive_entry *entry = archive_entry_new();
	uint8_t packed[1024], size[4];
	size_t packed_size;

	assert_int_equal(archive_write_set_format_raw(writer), ARCHIVE_OK);
	assert_int_equal(archive_write_add_filter_zstd(writer), ARCHIVE_OK);
	assert_int_equal(archive_write_set_bytes_in_last_block(writer, 1), ARCHIVE_OK);
	assert_int_equal(archive_write_open_memory(writer, packed, sizeof(packed), &packed_size),
			 ARCHIVE_OK);
	archive_entry_set_filetype(entry, AE_IFREG);
	assert_int_equal(archive_write_header(writer, entry), ARCHIVE_OK);
	assert_int_equal(archive_write_data(writer, kernel, sizeof(kernel)), sizeof(kernel));
	assert_int_equal(archive_write_close(writer), ARCHIVE_OK);
	archive_entry_free(entry);
	archive_write_free(writer);

	store_le32(size, sizeof(kernel));
	assert_int_equal(buffer_append(out, packed, packed_size), 0);
	assert_int_equal(buffer_append(out, size, sizeof(size)), 0);
}

static void unpacks_bzimage(void **state)
{
	struct buffer payload = { 0 }, image = { 0 }, out = { 0 };
	struct error err = ERROR_NONE;

	(void)state;
	make_payload(&payload);
	make_bzimage(&image, buffer_slice(&payload), (uint32_t)payload.size);
	assert_int_equal(vmlinuz_kind(buffer_slice(&image)), VMLINUZ_BZIMAGE);
	assert_string_equal(vmlinuz_arch(buffer_slice(&image)), "x86_64");
	assert_int_equal(vmlinuz_unpack(buffer_slice(&image), VMLINUZ_MAX_SIZE, &out, &err), 0);
	assert_int_equal(out.size, sizeof(kernel));
	assert_memory_equal(out.data, kernel, sizeof(kernel));

	/* Without XLF_KERNEL_64 it is a 32-bit kernel; before 2.12 there is no telling. */
	store_le16(image.data + 0x236, 0);
	assert_string_equal(vmlinuz_arch(buffer_slice(&image)), "i386");
	store_le16(image.data + 0x206, 0x20a);
	assert_null(vmlinuz_arch(buffer_slice(&image)));
	buffer_free(&payload);
	buffer_free(&image);
	buffer_free(&out);
}

static void refuses_damaged_bzimage(void **state)
{
	struct buffer payload = { 0 }, image = { 0 }, out = { 0 };
	struct error err = ERROR_NONE;
	size_t size;

	(void)state;
	make_payload(&payload);
	make_bzimage(&image, buffer_slice(&payload), (uint32_t)payload.size);

	/* Any length that the file may be cut to. */
	for (size = 0; size < image.size; size++) {
		struct slice cut = slice_of(image.data, size);

		assert_int_not_equal(vmlinuz_unpack(cut, VMLINUZ_MAX_SIZE, &out, &err), 0);
		assert_int_equal(out.size, 0);
	}
	store_le32(image.data + 0x248, UINT32_MAX); /* would overflow 32 bits */
	assert_int_equal(vmlinuz_unpack(buffer_slice(&image), VMLINUZ_MAX_SIZE, &out, &err), -EBADMSG);
	assert_non_null(strstr(err.text, "cut short"));
	store_le16(image.data + 0x206, 0x207);
	assert_int_equal(vmlinuz_unpack(buffer_slice(&image), VMLINUZ_MAX_SIZE, &out, &err), -ENOTSUP);
	assert_non_null(strstr(err.text, "2.08"));
	buffer_free(&payload);
	buffer_free(&image);
	buffer_free(&out);
}

static void names_compression_that_is_not_read(void **state)
{
	static const uint8_t lzo[] = { 0x89, 'L', 'Z', 'O', 0, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3, 4 };
	struct buffer image = { 0 }, out = { 0 };
	struct error err = ERROR_NONE;

	(void)state;
	make_bzimage(&image, slice_of(lzo, sizeof(lzo)), sizeof(lzo));
	assert_int_equal(vmlinuz_unpack(buffer_slice(&image), VMLINUZ_MAX_SIZE, &out, &err), -ENOTSUP);
	assert_non_null(strstr(err.text, "LZO"));
	buffer_free(&image);
}

/* zboot's length leaves the appended size out (zboot-header.S). */
static void unpacks_zboot(void **state)
{
	struct buffer payload = { 0 }, image = { 0 }, out = { 0 };
	struct error err = ERROR_NONE;
	uint8_t header[64] = "MZ\0\0zimg";

	(void)state;
	make_payload(&payload);
	store_le32(header + 8, sizeof(header));
	store_le32(header + 12, (uint32_t)payload.size - 4);
	assert_int_equal(buffer_append(&image, header, sizeof(header)), 0);
	assert_int_equal(buffer_append(&image, payload.data, payload.size), 0);
	assert_int_equal(vmlinuz_kind(buffer_slice(&image)), VMLINUZ_ZBOOT);
	assert_null(vmlinuz_arch(buffer_slice(&image)));
	assert_int_equal(vmlinuz_unpack(buffer_slice(&image), VMLINUZ_MAX_SIZE, &out, &err), 0);
	assert_int_equal(out.size, sizeof(kernel));

	store_le32(image.data + 12, (uint32_t)payload.size + 1);
	assert_int_equal(vmlinuz_unpack(buffer_slice(&image), VMLINUZ_MAX_SIZE, &out, &err), -EBADMSG);
	buffer_free(&payload);
	buffer_free(&image);
	buffer_free(&out);
}

static void knows_flat_image(void **state)
{
	uint8_t image[64] = { 0 };

	(void)state;
	assert_int_equal(vmlinuz_kind(slice_of(image, sizeof(image))), VMLINUZ_NONE);
	memcpy(image + 0x38, "ARM\x64", 4);
	assert_int_equal(vmlinuz_kind(slice_of(image, sizeof(image))), VMLINUZ_IMAGE);
	assert_string_equal(vmlinuz_arch(slice_of(image, sizeof(image))), "arm64");
	assert_int_equal(vmlinuz_kind(slice_of(image, sizeof(image) - 1)), VMLINUZ_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(unpacks_bzimage),
		cmocka_unit_test(refuses_damaged_bzimage),
		cmocka_unit_test(names_compression_that_is_not_read),
		cmocka_unit_test(unpacks_zboot),
		cmocka_unit_test(knows_flat_image),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
