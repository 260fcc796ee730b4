/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <lz4.h>
#include <lz4hc.h>

#include "payload/deflate.h"
#include "payload/group_pack.h"
#include "payload/kernel_block.h"
#include "payload/seal.h"

#include "payload/stream.h"

enum { LZ4_LEVEL = 6 };

/* A BTF on its way to its place: the first kernel that refers to it decides. */
struct place {
	const struct payload_kernel *first; /* NULL: no kernel does */
	const struct digest *digest;
	size_t number;                      /* the writer's */
};

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

static void order_btfs(const struct payload_writer *writer, struct place *places)
{
	size_t i;

	for (i = 0; i < writer->btf_count; i++)
		places[i] = (struct place){ .digest = &writer->btfs[i].digest, .number = i };
	for (i = 0; i < writer->kernel_count; i++) {
		const struct payload_kernel *kernel = &writer->kernels[i];
		struct place *place = &places[kernel->btf];

		if (!place->first || version_order(kernel, place->first) < 0)
			place->first = kernel;
	}
	qsort(places, writer->btf_count, sizeof(*places), compare_places);
}

static int number_btfs(const struct payload_writer *writer, struct stream *out)
{
	/* One more each, so that none is a request for no memory. */
	struct place *places = calloc(writer->btf_count + 1, sizeof(*places));
	size_t i;

	out->order = calloc(writer->btf_count + 1, sizeof(*out->order));
	out->final = calloc(writer->btf_count + 1, sizeof(*out->final));
	if (!places || !out->order || !out->final) {
		free(places);
		return -ENOMEM;
	}
	order_btfs(writer, places);
	for (i = 0; i < writer->btf_count; i++) {
		out->order[i] = places[i].number;
		out->final[places[i].number] = (uint32_t)i;
	}
	free(places);
	return 0;
}

/* Makes a cluster of the bytes that were appended to the stored ones since start. */
static int add_cluster(struct stream *stream, size_t start, size_t unpacked_size)
{
	int code = array_grow(&stream->clusters, stream->cluster_count, &stream->cluster_capacity);

	if (code)
		return code;
	stream->clusters[stream->cluster_count++] = (struct cluster_record){
		.offset = start,
		.stored_size = (uint32_t)(stream->stored.size - start),
		.unpacked_size = (uint32_t)unpacked_size,
		.digest = digest_of(slice_of(stream->stored.data + start, stream->stored.size - start)),
	};
	return 0;
}

int stream_add(struct stream *stream, const struct slice *pieces, size_t count)
{
	size_t start = stream->stored.size, unpacked = 0, i;
	int code = deflate_append(pieces, count, &stream->stored);

	for (i = 0; i < count; i++)
		unpacked += pieces[i].size;
	return code ? code : add_cluster(stream, start, unpacked);
}

int stream_add_group(struct stream *stream, const struct slice *pieces, size_t count,
		     uint32_t first_btf)
{
	int code = array_grow(&stream->groups, stream->group_count, &stream->group_capacity);

	if (!code)
		code = stream_add(stream, pieces, count);
	if (!code)
		stream->groups[stream->group_count++] = first_btf;
	return code;
}

static int add_provenance(const struct payload_writer *writer, struct stream *out)
{
	size_t first, count;
	int code = 0;

	for (first = 0; first < writer->kernel_count && !code; first += count) {
		count = kernel_block_count(writer->kernel_count, first);
		code = provenance_pack(&writer->kernels[first], count, out);
	}
	return code;
}

static int add_file_cluster(struct slice unpacked, struct stream *out)
{
	int bound = LZ4_compressBound((int)unpacked.size), stored;
	size_t start = out->stored.size;
	int code = buffer_reserve(&out->stored, (size_t)bound);

	if (code)
		return code;
	if (out->cluster_count >= PAYLOAD_MAX_CLUSTERS)
		return -EFBIG;
	stored = LZ4_compress_HC((const char *)unpacked.data, (char *)out->stored.data + start,
				 (int)unpacked.size, bound, LZ4_LEVEL);
	if (stored <= 0)
		return -ENOMEM; /* with room for the bound, lz4 fails for want of memory only */
	out->stored.size += (size_t)stored;
	out->file_cluster_count++;
	return add_cluster(out, start, unpacked.size);
}

/* Files follow each other without a gap; clusters are cut as out of one run of bytes. */
static int add_files(const struct payload_writer *writer, struct stream *out)
{
	struct buffer cluster = { 0 };
	size_t i;
	int code = 0;

	for (i = 0; i < writer->file_count && !code; i++) {
		struct slice left = writer->files[i].content;

		while (left.size > 0 && !code) {
			size_t room = PAYLOAD_CLUSTER_SIZE - cluster.size;
			size_t size = left.size < room ? left.size : room;

			code = buffer_append(&cluster, left.data, size);
			left = slice_of(left.data + size, left.size - size);
			if (code || cluster.size < PAYLOAD_CLUSTER_SIZE)
				continue;
			code = add_file_cluster(buffer_slice(&cluster), out);
			cluster.size = 0;
		}
	}
	if (!code && cluster.size > 0)
		code = add_file_cluster(buffer_slice(&cluster), out);
	buffer_free(&cluster);
	return code;
}

int stream_pack(const struct payload_writer *writer, struct stream *out, struct error *err)
{
	int code = number_btfs(writer, out);

	if (!code)
		code = groups_pack(writer, out);
	if (!code)
		code = add_provenance(writer, out);
	if (!code)
		code = add_files(writer, out);
	return code ? error_errno(err, code, "payload: contents") : 0;
}

void stream_free(struct stream *stream)
{
	free(stream->order);
	free(stream->final);
	free(stream->clusters);
	free(stream->groups);
	buffer_free(&stream->stored);
}
