/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <lz4.h>
#include <lz4hc.h>

#include "payload/index.h"
#include "payload/strings.h"

#include "payload/seal.h"

enum { LZ4_LEVEL = 12 };

/* A BTF on its way to its place: the first kernel that refers to it decides. */
struct place {
	const struct payload_kernel *first; /* NULL: no kernel does */
	const struct digest *digest;
	size_t number;                      /* the writer's */
};

struct seal {
	const struct payload_writer *writer;
	struct place *places;               /* BTFs in their final order */
	uint32_t *final;                    /* the writer's number -> place in the table */
	struct strings names, builds;
	struct index_head head;
	struct buffer stream, clusters, index;
	struct cluster_record *cluster_records;
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

/* Versions in their natural order put alike BTFs within lz4's reach of one another. */
static int version_order(const struct payload_kernel *a, const struct payload_kernel *b)
{
	int order = strcmp(a->arch, b->arch);

	return order ? order : strverscmp(a->release, b->release);
}

static int compare_places(const void *a, const void *b)
{
	const struct place *one = a, *other = b;
	int order = 0;

	if (one->first && other->first)
		order = version_order(one->first, other->first);
	else if (one->first || other->first)
		order = one->first ? -1 : 1;
	return order ? order : digest_compare(one->digest, other->digest);
}

static int order_btfs(struct seal *seal)
{
	const struct payload_writer *writer = seal->writer;
	size_t i;

	seal->places = calloc(writer->btf_count + 1, sizeof(*seal->places));
	seal->final = calloc(writer->btf_count + 1, sizeof(*seal->final));
	if (!seal->places || !seal->final)
		return -ENOMEM;
	for (i = 0; i < writer->btf_count; i++)
		seal->places[i] = (struct place){ .digest = &writer->btfs[i].digest, .number = i };
	for (i = 0; i < writer->kernel_count; i++) {
		const struct payload_kernel *kernel = &writer->kernels[i];
		struct place *place = &seal->places[kernel->btf];

		if (!place->first || version_order(kernel, place->first) < 0)
			place->first = kernel;
	}
	qsort(seal->places, writer->btf_count, sizeof(*seal->places), compare_places);
	for (i = 0; i < writer->btf_count; i++)
		seal->final[seal->places[i].number] = (uint32_t)i;
	return 0;
}

static int gather_stream(struct seal *seal)
{
	const struct payload_writer *writer = seal->writer;
	const struct buffer *bytes;
	int code = 0;
	size_t i;

	for (i = 0; i < writer->btf_count && !code; i++) {
		bytes = &writer->btfs[seal->places[i].number].bytes;
		code = buffer_append(&seal->stream, bytes->data, bytes->size);
	}
	for (i = 0; i < writer->file_count && !code; i++) {
		bytes = &writer->files[i].bytes;
		code = buffer_append(&seal->stream, bytes->data, bytes->size);
	}
	return code;
}

static int compress_cluster(struct slice unpacked, struct buffer *out,
			    struct cluster_record *record)
{
	int bound = LZ4_compressBound((int)unpacked.size), stored;
	int code = buffer_reserve(out, (size_t)bound);

	if (code)
		return code;
	stored = LZ4_compress_HC((const char *)unpacked.data, (char *)out->data + out->size,
				 (int)unpacked.size, bound, LZ4_LEVEL);
	if (stored <= 0)
		return -ENOMEM; /* with room for the bound, lz4 fails for want of memory only */
	*record = (struct cluster_record){
		.offset = out->size, /* from the first cluster; write_clusters() adds the rest */
		.stored_size = (uint32_t)stored,
		.unpacked_size = (uint32_t)unpacked.size,
		.digest = digest_of(slice_of(out->data + out->size, (size_t)stored)),
	};
	out->size += (size_t)stored;
	return 0;
}

static int compress_stream(struct seal *seal, struct error *err)
{
	struct slice rest = buffer_slice(&seal->stream);
	size_t count = rest.size / PAYLOAD_CLUSTER_SIZE + (rest.size % PAYLOAD_CLUSTER_SIZE > 0);
	size_t i;
	int code;

	if (count > PAYLOAD_MAX_CLUSTERS)
		return error_set(err, -EFBIG, "payload: %zu bytes of contents, unpacked, are too many",
				 rest.size);
	seal->head.cluster_count = (uint32_t)count;
	seal->cluster_records = calloc(count + 1, sizeof(*seal->cluster_records));
	if (!seal->cluster_records)
		return error_errno(err, -ENOMEM, "payload");
	for (i = 0; i < count; i++) {
		size_t size = rest.size < PAYLOAD_CLUSTER_SIZE ? rest.size : PAYLOAD_CLUSTER_SIZE;

		code = compress_cluster(slice_of(rest.data, size), &seal->clusters,
					&seal->cluster_records[i]);
		if (code)
			return error_errno(err, code, "payload");
		rest = slice_of(rest.data + size, rest.size - size);
	}
	return 0;
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
		seal->cluster_records[i].offset += data_offset;
		cluster_encode(&seal->cluster_records[i], record);
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
		const struct writer_btf *btf = &writer->btfs[seal->places[i].number];
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
			.btf = seal->final[kernel->btf],
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
		.total_size = PAYLOAD_HEADER_SIZE + seal->index.size + seal->clusters.size,
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
		code = buffer_append(out, seal->clusters.data, seal->clusters.size);
	return code ? error_errno(err, code, "payload") : 0;
}

static void seal_free(struct seal *seal)
{
	free(seal->places);
	free(seal->final);
	free(seal->cluster_records);
	strings_free(&seal->names);
	strings_free(&seal->builds);
	buffer_free(&seal->stream);
	buffer_free(&seal->clusters);
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
	code = order_btfs(&seal);
	if (!code)
		code = gather_stream(&seal);
	if (!code)
		code = gather_strings(&seal, app, version);
	if (code) {
		error_errno(err, code, "payload");
		goto out;
	}
	code = compress_stream(&seal, err);
	if (code)
		goto out;
	seal.head.fingerprint = *fingerprint;
	seal.head.app = strings_offset(&seal.names, app);
	seal.head.version = strings_offset(&seal.names, version);
	seal.head.btf_count = (uint32_t)writer->btf_count;
	seal.head.file_count = (uint32_t)writer->file_count;
	seal.head.kernel_count = (uint32_t)writer->kernel_count;
	seal.head.names_size = (uint32_t)seal.names.table.size;
	seal.head.builds_size = (uint32_t)seal.builds.table.size;
	code = write_index(&seal);
	if (code)
		error_errno(err, code, "payload");
	else
		code = write_payload(&seal, out, err);
out:
	seal_free(&seal);
	return code;
}
