/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "payload/deflate.h"
#include "payload/index.h"
#include "payload/kernel_block.h"
#include "payload/stream.h"
#include "payload/strings.h"

#include "payload/seal.h"

struct seal {
	const struct payload_writer *writer;
	struct stream stream;
	struct strings names;
	struct index_head head;
	struct buffer block_records, blocks, index;
};

static int compare_kernels(const void *a, const void *b)
{
	return kernel_compare(a, b);
}

static int compare_files(const void *a, const void *b)
{
	const struct writer_file *one = a, *other = b;

	return file_compare(&one->file, &other->file);
}

static int gather_strings(struct seal *seal, const char *app, const char *version)
{
	const struct payload_writer *writer = seal->writer;
	struct strings *names = &seal->names;
	int code;
	size_t i;

	code = strings_add(names, app);
	if (!code)
		code = strings_add(names, version);
	for (i = 0; i < writer->file_count && !code; i++) {
		code = strings_add(names, writer->files[i].file.arch);
		if (!code)
			code = strings_add(names, writer->files[i].file.name);
	}
	for (i = 0; i < writer->kernel_count && !code; i += PAYLOAD_BLOCK_KERNELS) {
		code = strings_add(names, writer->kernels[i].arch);
		if (!code)
			code = strings_add(names, writer->kernels[i].release);
	}
	return code ? code : strings_sort(names);
}

static int pack_block(struct seal *seal, size_t first, size_t count)
{
	const struct payload_kernel *kernels = &seal->writer->kernels[first];
	uint8_t bytes[PAYLOAD_BLOCK_RECORD_SIZE];
	struct buffer unpacked = { 0 };
	struct block_record record = {
		.offset = (uint32_t)seal->blocks.size,
		.arch = strings_offset(&seal->names, kernels[0].arch),
		.release = strings_offset(&seal->names, kernels[0].release),
	};
	struct slice piece;
	int code;

	code = kernel_block_pack(kernels, count, seal->stream.final, &unpacked);
	piece = buffer_slice(&unpacked);
	if (!code)
		code = deflate_append(&piece, 1, &seal->blocks);
	record.unpacked_size = (uint32_t)unpacked.size;
	record.stored_size = (uint32_t)seal->blocks.size - record.offset;
	buffer_free(&unpacked);
	block_encode(&record, bytes);
	return code ? code : buffer_append(&seal->block_records, bytes, sizeof(bytes));
}

static int pack_kernels(struct seal *seal)
{
	size_t all = seal->writer->kernel_count, first, count;
	int code = 0;

	for (first = 0; first < all && !code; first += count) {
		count = kernel_block_count(all, first);
		code = pack_block(seal, first, count);
	}
	return code;
}

static int write_clusters(struct seal *seal, size_t data_offset)
{
	uint8_t record[PAYLOAD_CLUSTER_RECORD_SIZE];
	int code = 0;
	size_t i;

	for (i = 0; i < seal->stream.cluster_count && !code; i++) {
		struct cluster_record cluster = seal->stream.clusters[i];

		cluster.offset += data_offset;
		cluster_encode(&cluster, record);
		code = buffer_append(&seal->index, record, sizeof(record));
	}
	return code;
}

static int write_groups(struct seal *seal)
{
	uint8_t record[PAYLOAD_GROUP_RECORD_SIZE];
	int code = 0;
	size_t i;

	for (i = 0; i < seal->stream.group_count && !code; i++) {
		store_le32(record, seal->stream.groups[i]);
		code = buffer_append(&seal->index, record, sizeof(record));
	}
	return code;
}

static int write_files(struct seal *seal)
{
	const struct payload_writer *writer = seal->writer;
	uint8_t bytes[PAYLOAD_FILE_RECORD_SIZE];
	uint64_t next = 0;
	int code = 0;
	size_t i;

	for (i = 0; i < writer->file_count && !code; i++) {
		const struct payload_file *file = &writer->files[i].file;
		struct file_record record = {
			.content = { file->digest, next, (uint32_t)file->size },
			.role = file->role,
			.arch = strings_offset(&seal->names, file->arch),
			.name = strings_offset(&seal->names, file->name),
		};

		file_encode(&record, bytes);
		code = buffer_append(&seal->index, bytes, sizeof(bytes));
		next += file->size;
	}
	return code;
}

static size_t index_size(const struct seal *seal)
{
	return PAYLOAD_HEAD_SIZE + seal->stream.cluster_count * PAYLOAD_CLUSTER_RECORD_SIZE +
	       seal->stream.group_count * PAYLOAD_GROUP_RECORD_SIZE +
	       seal->writer->file_count * PAYLOAD_FILE_RECORD_SIZE + seal->block_records.size +
	       seal->names.table.size + seal->blocks.size;
}

static int write_index(struct seal *seal)
{
	uint8_t head[PAYLOAD_HEAD_SIZE];
	int code;

	head_encode(&seal->head, head);
	code = buffer_append(&seal->index, head, sizeof(head));
	if (!code)
		code = write_clusters(seal, PAYLOAD_HEADER_SIZE + index_size(seal));
	if (!code)
		code = write_groups(seal);
	if (!code)
		code = write_files(seal);
	if (!code)
		code = buffer_append(&seal->index, seal->block_records.data,
				     seal->block_records.size);
	if (!code)
		code = buffer_append(&seal->index, seal->names.table.data, seal->names.table.size);
	if (!code)
		code = buffer_append(&seal->index, seal->blocks.data, seal->blocks.size);
	return code;
}

static int write_payload(const struct seal *seal, struct buffer *out, struct error *err)
{
	struct header header = {
		.major = PAYLOAD_MAJOR,
		.minor = PAYLOAD_MINOR,
		.total_size = PAYLOAD_HEADER_SIZE + seal->index.size + seal->stream.stored.size,
		.index_size = seal->index.size,
		.index_digest = digest_of(buffer_slice(&seal->index)),
	};
	uint8_t bytes[PAYLOAD_HEADER_SIZE];
	int code;

	if (header.total_size > PAYLOAD_MAX_SIZE || header.index_size > PAYLOAD_MAX_INDEX)
		return error_set(err, -EFBIG, "payload: %llu bytes, %zu of them index, are too many",
				 (unsigned long long)header.total_size, seal->index.size);
	header_encode(&header, bytes);
	code = buffer_reserve(out, (size_t)header.total_size);
	if (!code)
		code = buffer_append(out, bytes, sizeof(bytes));
	if (!code)
		code = buffer_append(out, seal->index.data, seal->index.size);
	if (!code)
		code = buffer_append(out, seal->stream.stored.data, seal->stream.stored.size);
	return code ? error_errno(err, code, "payload") : 0;
}

static void seal_free(struct seal *seal)
{
	stream_free(&seal->stream);
	strings_free(&seal->names);
	buffer_free(&seal->block_records);
	buffer_free(&seal->blocks);
	buffer_free(&seal->index);
}

int payload_seal(struct payload_writer *writer, const char *app, const char *version,
		 const struct digest *fingerprint, struct buffer *out, struct error *err)
{
	struct seal seal = { .writer = writer };
	int code;

	if (writer->kernel_count)
		qsort(writer->kernels, writer->kernel_count, sizeof(*writer->kernels), compare_kernels);
	if (writer->file_count)
		qsort(writer->files, writer->file_count, sizeof(*writer->files), compare_files);
	code = gather_strings(&seal, app, version);
	if (code)
		error_errno(err, code, "payload: names");
	else
		code = stream_pack(writer, &seal.stream, err);
	if (code)
		goto out;
	seal.head = (struct index_head){
		.fingerprint = *fingerprint,
		.app = strings_offset(&seal.names, app),
		.version = strings_offset(&seal.names, version),
		.group_count = (uint32_t)seal.stream.group_count,
		.btf_count = (uint32_t)writer->btf_count,
		.file_cluster_count = (uint32_t)seal.stream.file_cluster_count,
		.file_count = (uint32_t)writer->file_count,
		.kernel_count = (uint32_t)writer->kernel_count,
		.names_size = (uint32_t)seal.names.table.size,
	};
	code = pack_kernels(&seal);
	seal.head.blocks_size = (uint32_t)seal.blocks.size;
	if (!code)
		code = write_index(&seal);
	if (code)
		error_errno(err, code, "payload: index");
	else
		code = write_payload(&seal, out, err);
out:
	seal_free(&seal);
	return code;
}
