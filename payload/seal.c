/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "payload/index.h"
#include "payload/stream.h"
#include "payload/strings.h"

#include "payload/seal.h"

struct seal {
	const struct payload_writer *writer;
	struct stream stream;
	struct strings names, builds;
	struct index_head head;
	struct buffer index;
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
	for (i = 0; i < writer->kernel_count && !code; i++) {
		const struct payload_kernel *kernel = &writer->kernels[i];
		const char *words[] = { kernel->arch, kernel->release, kernel->distro,
					kernel->version_id };
		size_t w;

		for (w = 0; w < sizeof(words) / sizeof(words[0]) && !code; w++)
			code = strings_add(names, words[w]);
		if (!code)
			code = strings_add(&seal->builds, kernel->build);
	}
	if (!code)
		code = strings_sort(names);
	return code ? code : strings_sort(&seal->builds);
}

static int write_clusters(struct seal *seal, size_t data_offset)
{
	uint8_t record[PAYLOAD_CLUSTER_RECORD_SIZE];
	int code = 0;
	size_t i;

	for (i = 0; i < seal->head.cluster_count && !code; i++) {
		struct cluster_record cluster = seal->stream.clusters[i];

		cluster.offset += data_offset;
		cluster_encode(&cluster, record);
		code = buffer_append(&seal->index, record, sizeof(record));
	}
	return code;
}

static int write_contents(struct seal *seal)
{
	const struct payload_writer *writer = seal->writer;
	uint8_t btf_record[PAYLOAD_BTF_RECORD_SIZE], file_bytes[PAYLOAD_FILE_RECORD_SIZE];
	uint64_t next = 0;
	int code = 0;
	size_t i;

	for (i = 0; i < writer->btf_count && !code; i++) {
		const struct writer_btf *btf = &writer->btfs[seal->stream.order[i]];
		struct content content = { btf->digest, next, (uint32_t)btf->bytes.size };

		btf_encode(&content, btf_record);
		code = buffer_append(&seal->index, btf_record, sizeof(btf_record));
		next += content.size;
	}
	for (i = 0; i < writer->file_count && !code; i++) {
		const struct payload_file *file = &writer->files[i].file;
		struct file_record record = {
			.content = { file->digest, next, (uint32_t)file->size },
			.role = file->role,
			.arch = strings_offset(&seal->names, file->arch),
			.name = strings_offset(&seal->names, file->name),
		};

		file_encode(&record, file_bytes);
		code = buffer_append(&seal->index, file_bytes, sizeof(file_bytes));
		next += file->size;
	}
	return code;
}

static int write_kernels(struct seal *seal)
{
	const struct payload_writer *writer = seal->writer;
	uint8_t bytes[PAYLOAD_KERNEL_RECORD_SIZE];
	int code = 0;
	size_t i;

	for (i = 0; i < writer->kernel_count && !code; i++) {
		const struct payload_kernel *kernel = &writer->kernels[i];
		struct kernel_record record = {
			.arch = strings_offset(&seal->names, kernel->arch),
			.release = strings_offset(&seal->names, kernel->release),
			.distro = strings_offset(&seal->names, kernel->distro),
			.version_id = strings_offset(&seal->names, kernel->version_id),
			.btf = seal->stream.final[kernel->btf],
		};

		kernel_encode(&record, bytes);
		code = buffer_append(&seal->index, bytes, sizeof(bytes));
	}
	return code;
}

static int write_provenance(struct seal *seal)
{
	const struct payload_writer *writer = seal->writer;
	uint8_t bytes[PAYLOAD_PROVENANCE_RECORD_SIZE];
	int code = 0;
	size_t i;

	for (i = 0; i < writer->kernel_count && !code; i++) {
		const struct payload_kernel *kernel = &writer->kernels[i];
		struct provenance_record record = {
			.full_btf = kernel->full_btf,
			.build = strings_offset(&seal->builds, kernel->build),
		};

		provenance_encode(&record, bytes);
		code = buffer_append(&seal->index, bytes, sizeof(bytes));
	}
	return code;
}

static size_t index_size(const struct index_head *head)
{
	return PAYLOAD_HEAD_SIZE + (size_t)head->cluster_count * PAYLOAD_CLUSTER_RECORD_SIZE +
	       (size_t)head->btf_count * PAYLOAD_BTF_RECORD_SIZE +
	       (size_t)head->file_count * PAYLOAD_FILE_RECORD_SIZE +
	       (size_t)head->kernel_count *
		       (PAYLOAD_KERNEL_RECORD_SIZE + PAYLOAD_PROVENANCE_RECORD_SIZE) +
	       head->names_size + head->builds_size;
}

static int write_index(struct seal *seal)
{
	uint8_t head[PAYLOAD_HEAD_SIZE];
	int code;

	head_encode(&seal->head, head);
	code = buffer_append(&seal->index, head, sizeof(head));
	if (!code)
		code = write_clusters(seal, PAYLOAD_HEADER_SIZE + index_size(&seal->head));
	if (!code)
		code = write_contents(seal);
	if (!code)
		code = write_kernels(seal);
	if (!code)
		code = buffer_append(&seal->index, seal->names.table.data, seal->names.table.size);
	if (!code)
		code = write_provenance(seal);
	if (!code)
		code = buffer_append(&seal->index, seal->builds.table.data, seal->builds.table.size);
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
	strings_free(&seal->builds);
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
	seal.head.fingerprint = *fingerprint;
	seal.head.app = strings_offset(&seal.names, app);
	seal.head.version = strings_offset(&seal.names, version);
	seal.head.cluster_count = (uint32_t)seal.stream.cluster_count;
	seal.head.btf_count = (uint32_t)writer->btf_count;
	seal.head.file_count = (uint32_t)writer->file_count;
	seal.head.kernel_count = (uint32_t)writer->kernel_count;
	seal.head.names_size = (uint32_t)seal.names.table.size;
	seal.head.builds_size = (uint32_t)seal.builds.table.size;
	code = write_index(&seal);
	if (code)
		error_errno(err, code, "payload: index");
	else
		code = write_payload(&seal, out, err);
out:
	seal_free(&seal);
	return code;
}
