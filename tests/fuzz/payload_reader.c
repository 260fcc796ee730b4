/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any bytes as a payload, or as a program that carries one: opened, searched and read whole.  Then
 * the same bytes with their checksums made right, which is what a hostile writer would send.
 */
#include <stdlib.h>

#include "payload/codec.h"
#include "payload/describe.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_everything(struct slice bytes)
{
	struct buffer out = { 0 };
	struct payload *payload;
	struct error err;
	size_t i, first;

	if (payload_open_bytes(bytes, "input", &payload, &err))
		return;
	payload_verify(payload, &err);
	for (i = 0; i < payload_kernel_count(payload); i++) {
		struct payload_kernel kernel = payload_kernel(payload, i);

		if (kernel.arch[0] && payload_find(payload, kernel.arch, kernel.release, &first) == 0)
			abort(); /* every kernel that can be read can be found */
		out.size = 0;
		payload_btf(payload, kernel.btf, &out, &err);
	}
	for (i = 0; i < payload_file_count(payload); i++) {
		out.size = 0;
		payload_file_read(payload, i, &out, &err);
	}
	if (payload_find_file(payload, PAYLOAD_OBJECT, "x86_64", &i) == 0 &&
	    payload_file(payload, i).role != PAYLOAD_OBJECT)
		abort();
	buffer_free(&out);
	payload_close(payload);
}

static void store_digest(uint8_t *at, struct slice of)
{
	struct digest digest = digest_of(of);

	memcpy(at, digest.bytes, DIGEST_SIZE);
}

static void seal_clusters(struct slice whole, uint8_t *index, size_t index_size)
{
	struct index_head head;
	struct slice stored;
	size_t count, i;

	if (index_size < PAYLOAD_HEAD_SIZE)
		return;
	head = head_decode(index);
	count = (size_t)head.group_count + head.file_cluster_count +
		head.kernel_count / PAYLOAD_BLOCK_KERNELS +
		(head.kernel_count % PAYLOAD_BLOCK_KERNELS > 0);
	for (i = 0; i < count &&
	     range_fits(index_size, PAYLOAD_HEAD_SIZE + i * PAYLOAD_CLUSTER_RECORD_SIZE,
			PAYLOAD_CLUSTER_RECORD_SIZE); i++) {
		uint8_t *record = index + PAYLOAD_HEAD_SIZE + i * PAYLOAD_CLUSTER_RECORD_SIZE;
		struct cluster_record cluster = cluster_decode(record);

		if (slice_part(whole, cluster.offset, cluster.stored_size, &stored))
			store_digest(record + 16, stored);
	}
}

static void read_sealed(const uint8_t *data, size_t size)
{
	uint8_t *copy = malloc(size);
	uint64_t index_size;

	if (!copy)
		return;
	memcpy(copy, data, size);
	memcpy(copy, PAYLOAD_MAGIC, PAYLOAD_MAGIC_SIZE);
	store_le64(copy + 56, size);
	index_size = load_le64(copy + 64);
	if (range_fits(size, PAYLOAD_HEADER_SIZE, index_size)) {
		seal_clusters(slice_of(copy, size), copy + PAYLOAD_HEADER_SIZE, (size_t)index_size);
		store_digest(copy + 72, slice_of(copy + PAYLOAD_HEADER_SIZE, (size_t)index_size));
	}
	store_digest(copy + 8, slice_of(copy + 40, PAYLOAD_HEADER_SIZE - 40));
	read_everything(slice_of(copy, size));
	free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	read_everything(slice_of(data, size));
	if (size >= PAYLOAD_HEADER_SIZE)
		read_sealed(data, size);
	return 0;
}
