/* SPDX-License-Identifier: BSD-2-Clause */
/* Damaged, foreign and newer payloads: each one is refused, and told apart. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "lib/file.h"
#include "payload/codec.h"
#include "payload/deflate.h"
#include "payload/kernel_block.h"
#include "payload/writer.h"

#define FOLDER "tests/files/payload/"

static struct buffer good;   /* the worked example */

/* Opens and verifies; the error of whichever refuses. */
static int check(struct slice bytes, struct error *err)
{
	struct payload *payload;
	int code;

	*err = ERROR_NONE;
	code = payload_open_bytes(bytes, "p", &payload, err);
	if (code)
		return code;
	code = payload_verify(payload, err);
	payload_close(payload);
	return code;
}

/* Where the example's parts begin (payload/FORMAT.md, 12.). */
static const char *part_of(size_t offset)
{
	if (offset < PAYLOAD_MAGIC_SIZE)
		return "";
	if (offset < PAYLOAD_HEADER_SIZE)
		return "p: header is damaged";
	if (offset < 0x1e4)
		return "p: index is damaged";
	if (offset < 0x204)
		return "p: cluster 0 is damaged";
	return offset < 0x232 ? "p: cluster 1 is damaged" : "p: cluster 2 is damaged";
}

static void every_flipped_bit_is_found_and_placed(void **state)
{
	struct buffer copy = { 0 };
	struct error err;
	size_t i;
	int bit;

	(void)state;
	assert_int_equal(buffer_append(&copy, good.data, good.size), 0);
	assert_int_equal(check(buffer_slice(&copy), &err), 0);
	for (i = 0; i < copy.size; i++) {
		for (bit = 0; bit < 8; bit++) {
			copy.data[i] ^= (uint8_t)(1 << bit);
			if (check(buffer_slice(&copy), &err) != -EBADMSG ||
			    !strstr(err.text, part_of(i)))
				fail_msg("byte %zu, bit %d: \"%s\"", i, bit, err.text);
			copy.data[i] ^= (uint8_t)(1 << bit);
		}
	}
	buffer_free(&copy);
}

/* As an install looks, which unpacks no more than it needs. */
static void checksums_alone_find_what_is_flipped(void **state)
{
	const size_t contents = 0x1e4;
	struct buffer copy = { 0 };
	struct payload *payload;
	struct error err;
	size_t i;

	(void)state;
	assert_int_equal(buffer_append(&copy, good.data, good.size), 0);
	for (i = contents; i < copy.size; i++) {
		copy.data[i] ^= 0x10;
		assert_int_equal(payload_open_bytes(buffer_slice(&copy), "p", &payload, &err), 0);
		assert_int_equal(payload_check_stored(payload, &err), -EBADMSG);
		assert_non_null(strstr(err.text, part_of(i)));
		payload_close(payload);
		copy.data[i] ^= 0x10;
	}
	assert_int_equal(payload_open_bytes(buffer_slice(&copy), "p", &payload, &err), 0);
	assert_int_equal(payload_check_stored(payload, &err), 0);
	payload_close(payload);
	buffer_free(&copy);
}

static void every_truncation_is_found(void **state)
{
	struct error err;
	size_t size;

	(void)state;
	for (size = 0; size < good.size; size++)
		assert_int_equal(check(slice_of(good.data, size), &err), -EBADMSG);
	assert_int_equal(check(slice_of(good.data, good.size - 1), &err), -EBADMSG);
	assert_string_equal(err.text, "p: is truncated: 595 of 596 bytes are there");
	assert_int_equal(check(slice_of(good.data, 100), &err), -EBADMSG);
	assert_string_equal(err.text, "p: is truncated: the header is not all there");
}

/* A change to the example that keeps its checksums right, as a hostile writer would. */
struct change {
	size_t offset, size;
	uint64_t value;
	int code;
	const char *message;
};

static void store(uint8_t *at, size_t size, uint64_t value)
{
	for (; size > 0; size--, value >>= 8)
		*at++ = (uint8_t)value;
}

static void reseal(struct buffer *payload)
{
	size_t index_size = (size_t)load_le64(payload->data + 64);
	struct digest index, header;

	if (range_fits(payload->size, PAYLOAD_HEADER_SIZE, index_size))
		index = digest_of(slice_of(payload->data + PAYLOAD_HEADER_SIZE, index_size));
	else
		index = digest_of(slice_of("", 0));

	memcpy(payload->data + 72, index.bytes, DIGEST_SIZE);
	header = digest_of(slice_of(payload->data + 40, 88));
	memcpy(payload->data + 8, header.bytes, DIGEST_SIZE);
}

static const struct change changes[] = {
	{ 40, 2, 3, -ENOTSUP, "format version 3.0, this program reads 2" },
	{ 40, 2, 1, -ENOTSUP, "format version 1.0, this program reads 2" },
	{ 44, 4, 4, -ENOTSUP, "needs the features 0x4 (required flags)" },
	{ 52, 4, 1, -ENOTSUP, "uses header fields that this program does not know" },
	{ 127, 1, 1, -ENOTSUP, "uses header fields that this program does not know" },
	{ 42, 2, 9, 0, "" },
	{ 48, 4, ~0u, 0, "" },
	{ 56, 8, UINT64_MAX, -EBADMSG, "header is damaged: sizes beyond the limits" },
	{ 64, 8, UINT64_MAX, -EBADMSG, "header is damaged: sizes beyond the limits" },
	{ 56, 8, 597, -EBADMSG, "is truncated: 596 of 597 bytes" },
	{ 56, 8, 500, -EBADMSG, "is damaged: 96 bytes behind its end" },
	{ 64, 8, 469, -EBADMSG, "header is damaged: the index is larger than the payload" },
	{ 0xa0, 4, 0x23, -EBADMSG, "application name or version is illegal" },
	{ 0xa4, 4, 36, -EBADMSG, "application name or version is illegal" },
	{ 0xa8, 4, UINT32_MAX, -EBADMSG, "counts beyond the limits" },
	{ 0xac, 4, UINT32_MAX, -EBADMSG, "counts beyond the limits" },
	{ 0xac, 4, 257, -EBADMSG, "group 0 does not follow the one before" },
	{ 0xac, 4, 2, -EBADMSG, "BTF 0 is damaged: it does not decode" },
	{ 0xb0, 4, PAYLOAD_MAX_CLUSTERS, -EBADMSG, "its tables are larger than itself" },
	{ 0xb8, 4, 0, -EBADMSG, "behind its tables" },
	{ 0xb8, 4, 2, -EBADMSG, "block 0 of kernels is not what a writer makes" },
	{ 0xbc, 4, 35, -EBADMSG, "1 bytes behind its tables" },
	{ 0xc0, 4, UINT32_MAX, -EBADMSG, "its tables are larger than itself" },
	{ 0xc4, 8, 485, -EBADMSG, "cluster 0 does not follow" },
	{ 0xcc, 4, 33, -EBADMSG, "cluster 1 does not follow" },
	{ 0x12c, 4, 33, -EBADMSG, "the clusters do not fill the payload" },
	{ 0xd0, 4, 0, -EBADMSG, "cluster 0 has an impossible size" },
	{ 0xd0, 4, UINT32_MAX, -EBADMSG, "cluster 0 has an impossible size" },
	{ 0xd0, 4, 26, -EBADMSG, "cluster 0 is damaged: it does not unpack to its size" },
	{ 0xd0, 4, 28, -EBADMSG, "cluster 0 is damaged: it does not unpack to its size" },
	{ 0x100, 4, PAYLOAD_MAX_BLOCK + 1, -EBADMSG, "cluster 1 has an impossible size" },
	{ 0x100, 4, 40, -EBADMSG, "cluster 1 is damaged: it does not unpack to its size" },
	{ 0x130, 4, PAYLOAD_CLUSTER_SIZE, -EBADMSG, "cluster 2 has an impossible size" },
	{ 0x130, 4, 33, -EBADMSG, "the files do not fill their clusters" },
	{ 0x154, 4, 1, -EBADMSG, "group 0 does not follow the one before" },
	{ 0x178, 8, 1, -EBADMSG, "file manifest.ini is not where it should be" },
	{ 0x180, 4, 33, -EBADMSG, "the files do not fill their clusters" },
	{ 0x184, 4, 0, -EBADMSG, "file 0 has an illegal role, arch or name" },
	{ 0x184, 4, 77, 0, "" },
	{ 0x188, 4, 36, -EBADMSG, "file 0 has an illegal role, arch or name" },
	{ 0x18c, 4, 0, -EBADMSG, "file 0 has an illegal role, arch or name" },
	{ 0x190, 4, 1, -EBADMSG, "block 0 of kernels is not where it should be" },
	{ 0x194, 4, 29, -EBADMSG, "block 0 of kernels is not where it should be" },
	{ 0x194, 4, 27, -EBADMSG, "the blocks of kernels do not fill their section" },
	{ 0x198, 4, 0, -EBADMSG, "block 0 of kernels is not where it should be" },
	{ 0x198, 4, 27, -EBADMSG, "block 0 of kernels is not what a writer makes" },
	{ 0x19c, 4, 0, -EBADMSG, "block 0 of kernels has an illegal name" },
	{ 0x1a0, 4, UINT32_MAX, -EBADMSG, "block 0 of kernels has an illegal name" },
	{ 0x1a0, 4, 0x1d, -EBADMSG, "block 0 of kernels is not what a writer makes" },
	{ 0x1a4, 1, 'x', -EBADMSG, "the names do not begin and end with NUL" },
	{ 0x1c7, 1, 'x', -EBADMSG, "the names do not begin and end with NUL" },
	{ 0x1a9, 1, '/', -EBADMSG, "block 0 of kernels has an illegal name" },
	{ 0x1a9, 1, '.', -EBADMSG, "block 0 of kernels has an illegal name" },
	{ 0x1af, 1, '/', -EBADMSG, "file 0 has an illegal role, arch or name" },
	{ 0x1af, 1, '.', -EBADMSG, "file 0 has an illegal role, arch or name" },
	{ 0x1bc, 1, 'T', -EBADMSG, "application name or version is illegal" },
	{ 0x1c8, 1, 0xff, -EBADMSG, "block 0 of kernels is not what a writer makes" },
	{ 0x158, 1, 0, -EBADMSG, "file manifest.ini is damaged: its checksum differs" },
	{ 0xd4, 1, 0, -EBADMSG, "cluster 0 is damaged: its checksum differs" },
};

static void impossible_values_are_named(void **state)
{
	struct buffer copy = { 0 };
	struct error err;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		const struct change *change = &changes[i];

		copy.size = 0;
		assert_int_equal(buffer_append(&copy, good.data, good.size), 0);
		store(copy.data + change->offset, change->size, change->value);
		reseal(&copy);
		if (check(buffer_slice(&copy), &err) != change->code ||
		    !strstr(err.text, change->message))
			fail_msg("change %zu at 0x%zx: %d \"%s\"", i, change->offset, err.code,
				 err.text);
	}
	buffer_free(&copy);
}

/* The block unpacks to less than the record says; both checksums are right. */
static void a_lying_cluster_is_refused(void **state)
{
	static const size_t cluster_at = 0x232; /* its first byte says how many literals follow */
	struct buffer copy = { 0 };
	struct digest digest;
	struct error err;

	(void)state;
	assert_int_equal(buffer_append(&copy, good.data, good.size), 0);
	copy.data[cluster_at] = 0x30;
	digest = digest_of(slice_of(copy.data + cluster_at, 34));
	memcpy(copy.data + 0x134, digest.bytes, DIGEST_SIZE);
	reseal(&copy);
	assert_int_equal(check(buffer_slice(&copy), &err), -EBADMSG);
	assert_string_equal(err.text, "p: cluster 2 is damaged: it does not unpack to its size");
	buffer_free(&copy);
}

/* Two kernels of one release and two files: it is known where each table begins. */
static void make_pairs(struct buffer *out)
{
	struct payload_writer *writer = payload_writer_new();
	struct payload_kernel kernel = { "x86_64", "6.1", "#1", "debian", "12", { { 0 } }, 0 };
	struct digest fingerprint = { { 0 } };
	struct error err;

	assert_int_equal(payload_writer_btf(writer, slice_of("BTF", 3), &kernel.btf, &err), 0);
	assert_int_equal(payload_writer_kernel(writer, &kernel, &err), 0);
	kernel.build = "#2";
	assert_int_equal(payload_writer_kernel(writer, &kernel, &err), 0);
	assert_int_equal(payload_writer_file(writer, PAYLOAD_SOURCE, "", "a", slice_of("", 0), &err), 0);
	assert_int_equal(payload_writer_file(writer, PAYLOAD_SOURCE, "", "b", slice_of("", 0), &err), 0);
	assert_int_equal(payload_writer_finish(writer, "app", "1", &fingerprint, out, &err), 0);
	payload_writer_free(writer);
}

static void swap(uint8_t *first, size_t size)
{
	uint8_t kept[64];

	memcpy(kept, first, size);
	memcpy(first, first + size, size);
	memcpy(first + size, kept, size);
}

/* A search in an unsorted table would miss what is there. */
static void unsorted_files_are_refused(void **state)
{
	size_t files_at = PAYLOAD_HEADER_SIZE + PAYLOAD_HEAD_SIZE + 2 * PAYLOAD_CLUSTER_RECORD_SIZE +
			  PAYLOAD_GROUP_RECORD_SIZE;
	struct buffer pairs = { 0 };
	struct error err;

	(void)state;
	make_pairs(&pairs);
	assert_int_equal(check(buffer_slice(&pairs), &err), 0);
	swap(pairs.data + files_at, PAYLOAD_FILE_RECORD_SIZE);
	reseal(&pairs);
	assert_int_equal(check(buffer_slice(&pairs), &err), -EBADMSG);
	assert_string_equal(err.text, "p: index is damaged: file a is out of order");
	/* The same one twice is not sorted either. */
	memcpy(pairs.data + files_at, pairs.data + files_at + PAYLOAD_FILE_RECORD_SIZE,
	       PAYLOAD_FILE_RECORD_SIZE);
	reseal(&pairs);
	assert_int_equal(check(buffer_slice(&pairs), &err), -EBADMSG);
	buffer_free(&pairs);
}

/* Two kernels of one release whose builds change places, in a cluster that is right otherwise. */
static void unsorted_builds_are_refused(void **state)
{
	size_t record_at = PAYLOAD_HEADER_SIZE + PAYLOAD_HEAD_SIZE + PAYLOAD_CLUSTER_RECORD_SIZE;
	struct buffer pairs = { 0 }, unpacked = { 0 }, stored = { 0 };
	struct cluster_record record;
	struct slice pieces[2];
	struct error err;

	(void)state;
	make_pairs(&pairs);
	record = cluster_decode(pairs.data + record_at);
	assert_int_equal(inflate_append(slice_of(pairs.data + record.offset, record.stored_size),
					record.unpacked_size, &unpacked), 0);
	assert_memory_equal(unpacked.data + 2 * DIGEST_SIZE, "#1\0#2", 6);
	memcpy(unpacked.data + 2 * DIGEST_SIZE, "#2\0#1", 6);
	pieces[0] = slice_of(unpacked.data, 2 * DIGEST_SIZE);
	pieces[1] = slice_of(unpacked.data + 2 * DIGEST_SIZE, unpacked.size - 2 * DIGEST_SIZE);
	assert_int_equal(deflate_append(pieces, 2, &stored), 0);
	assert_int_equal(stored.size, record.stored_size);
	memcpy(pairs.data + record.offset, stored.data, stored.size);
	record.digest = digest_of(buffer_slice(&stored));
	cluster_encode(&record, pairs.data + record_at);
	reseal(&pairs);
	assert_int_equal(check(buffer_slice(&pairs), &err), -EBADMSG);
	assert_string_equal(err.text, "p: index is damaged: kernel 6.1 is out of order");
	buffer_free(&pairs);
	buffer_free(&unpacked);
	buffer_free(&stored);
}

static int open_block(const struct payload_kernel *kernels, uint32_t btf_count)
{
	static const uint32_t final[] = { 0, 1 };
	struct buffer unpacked = { 0 };
	struct kernel_block block;
	int code;

	assert_int_equal(kernel_block_pack(kernels, 2, final, &unpacked), 0);
	code = kernel_block_open(&unpacked, 2, btf_count, &block);
	kernel_block_free(&block);
	return code;
}

static void blocks_of_kernels_are_checked(void **state)
{
	struct payload_kernel kernels[] = {
		{ "x86_64", "6.1", "", "debian", "12", { { 0 } }, 0 },
		{ "x86_64", "6.2", "", "", "", { { 0 } }, 1 },
	};

	(void)state;
	assert_int_equal(open_block(kernels, 2), 0);
	assert_int_equal(open_block(kernels, 1), -EBADMSG); /* there is no BTF 1 */
	kernels[1].release = "6.0";
	assert_int_equal(open_block(kernels, 2), -EBADMSG); /* out of order */
	kernels[1].release = "6.2/x";
	assert_int_equal(open_block(kernels, 2), -EBADMSG); /* a path */
	kernels[1].release = "";
	assert_int_equal(open_block(kernels, 2), -EBADMSG);
}

static const struct {
	const char *file;
	int code;
	const char *message;
} samples[] = {
	{ "good-worked-example.payload", 0, "" },
	{ "good-empty.payload", 0, "" },
	{ "good-newer-minor.payload", 0, "" },
	{ "good-newer-minor-table.payload", 0, "" },
	{ "bad-index-leftover.payload", -EBADMSG, "index is damaged: 9 bytes behind its tables" },
	{ "bad-foreign.payload", -EBADMSG, "is not a payload" },
	{ "bad-empty-file.payload", -EBADMSG, "is not a payload" },
	{ "bad-text-mode.payload", -EBADMSG, "looks as after a transfer in text mode" },
	{ "bad-header.payload", -EBADMSG, "header is damaged: its checksum differs" },
	{ "bad-index.payload", -EBADMSG, "index is damaged: its checksum differs" },
	{ "bad-cluster.payload", -EBADMSG, "cluster 0 is damaged: its checksum differs" },
	{ "bad-truncated.payload", -EBADMSG, "is truncated: 400 of 596 bytes are there" },
	{ "bad-trailing-byte.payload", -EBADMSG, "is damaged: 1 bytes behind its end" },
	{ "bad-huge-sizes.payload", -EBADMSG, "header is damaged: sizes beyond the limits" },
	{ "bad-path-in-release.payload", -EBADMSG, "block 0 of kernels is not what" },
	{ "unsupported-major.payload", -ENOTSUP, "format version 3.0" },
	{ "unsupported-required-flag.payload", -ENOTSUP, "needs the features 0x1" },
	{ "unsupported-reserved.payload", -ENOTSUP, "uses header fields" },
};

static void samples_are_as_their_readme_says(void **state)
{
	char path[128];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
		struct error err = ERROR_NONE;
		struct payload *payload;
		int code;

		snprintf(path, sizeof(path), FOLDER "%s", samples[i].file);
		code = payload_open(AT_FDCWD, path, &payload, &err);
		if (!code) {
			code = payload_verify(payload, &err);
			payload_close(payload);
		}
		if (code != samples[i].code || !strstr(err.text, samples[i].message))
			fail_msg("%s: %d \"%s\"", samples[i].file, code, err.text);
	}
}

static void what_is_no_file_is_told(void **state)
{
	struct payload *payload;
	struct error err;

	(void)state;
	assert_int_equal(payload_open(AT_FDCWD, FOLDER, &payload, &err), -EISDIR);
	assert_int_equal(payload_open(AT_FDCWD, FOLDER "none", &payload, &err), -ENOENT);
	assert_non_null(strstr(err.text, FOLDER "none"));
}

static int set_up(void **state)
{
	struct error err;

	(void)state;
	return file_read(AT_FDCWD, FOLDER "good-worked-example.payload", 4096, &good, &err);
}

static int tear_down(void **state)
{
	(void)state;
	buffer_free(&good);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_flipped_bit_is_found_and_placed),
		cmocka_unit_test(checksums_alone_find_what_is_flipped),
		cmocka_unit_test(every_truncation_is_found),
		cmocka_unit_test(impossible_values_are_named),
		cmocka_unit_test(a_lying_cluster_is_refused),
		cmocka_unit_test(unsorted_files_are_refused),
		cmocka_unit_test(unsorted_builds_are_refused),
		cmocka_unit_test(blocks_of_kernels_are_checked),
		cmocka_unit_test(samples_are_as_their_readme_says),
		cmocka_unit_test(what_is_no_file_is_told),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
