/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <lz4.h>
#include <lz4hc.h>

#include "payload/seal.h"

#include "payload/stream.h"

enum { LZ4_LEVEL = 12 };

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

static int gather(const struct payload_writer *writer, const size_t *order, struct buffer *out)
{
	const struct buffer *bytes;
	int code = 0;
	size_t i;

	for (i = 0; i < writer->btf_count && !code; i++) {
		bytes = &writer->btfs[order[i]].bytes;
		code = buffer_append(out, bytes->data, bytes->size);
	}
	for (i = 0; i < writer->file_count && !code; i++) {
		bytes = &writer->files[i].bytes;
		code = buffer_append(out, bytes->data, bytes->size);
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
		.offset = out->size,
		.stored_size = (uint32_t)stored,
		.unpacked_size = (uint32_t)unpacked.size,
		.digest = digest_of(slice_of(out->data + out->size, (size_t)stored)),
	};
	out->size += (size_t)stored;
	return 0;
}

static int compress(struct slice rest, struct stream *out)
{
	size_t count = rest.size / PAYLOAD_CLUSTER_SIZE + (rest.size % PAYLOAD_CLUSTER_SIZE > 0);
	int code = 0;

	if (count > PAYLOAD_MAX_CLUSTERS)
		return -EFBIG;
	out->clusters = calloc(count + 1, sizeof(*out->clusters));
	if (!out->clusters)
		return -ENOMEM;
	for (; out->cluster_count < count && !code; out->cluster_count++) {
		size_t size = rest.size < PAYLOAD_CLUSTER_SIZE ? rest.size : PAYLOAD_CLUSTER_SIZE;

		code = compress_cluster(slice_of(rest.data, size), &out->stored,
					&out->clusters[out->cluster_count]);
		rest = slice_of(rest.data + size, rest.size - size);
	}
	return code;
}

int stream_pack(const struct payload_writer *writer, struct stream *out, struct error *err)
{
	struct buffer unpacked = { 0 };
	int code;

	code = number_btfs(writer, out);
	if (!code)
		code = gather(writer, out->order, &unpacked);
	if (!code)
		code = compress(buffer_slice(&unpacked), out);
	buffer_free(&unpacked);
	return code ? error_errno(err, code, "payload: contents") : 0;
}

void stream_free(struct stream *stream)
{
	free(stream->order);
	free(stream->final);
	free(stream->clusters);
	buffer_free(&stream->stored);
}
