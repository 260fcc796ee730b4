/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>

#include <lz4.h>

#include "payload/deflate.h"
#include "payload/group.h"

#include "payload/unpack.h"

void unpacker_free(struct unpacker *unpacker)
{
	buffer_free(&unpacker->cluster);
	unpacker->is_loaded = false;
}

static int lz4_append(struct slice stored, uint32_t size, struct buffer *out)
{
	int code = buffer_append(out, NULL, size), unpacked;

	if (code)
		return code;
	unpacked = LZ4_decompress_safe((const char *)stored.data,
				       (char *)out->data + out->size - size, (int)stored.size,
				       (int)size);
	return unpacked < 0 || (uint32_t)unpacked != size ? -EBADMSG : 0;
}

/* The stored bytes of cluster i, whose digest is right. */
static int stored_cluster(const struct unpacker *unpacker, size_t i, struct slice *stored,
			  struct error *err)
{
	struct cluster_record record = index_cluster(unpacker->index, i);
	struct digest digest;

	if (!slice_part(unpacker->payload, record.offset, record.stored_size, stored))
		return error_set(err, -EBADMSG, "%s: cluster %zu is not all there", unpacker->name, i);
	digest = digest_of(*stored);
	if (digest_compare(&digest, &record.digest) != 0)
		return error_set(err, -EBADMSG, "%s: cluster %zu is damaged: its checksum differs",
				 unpacker->name, i);
	return 0;
}

int unpack_check_stored(const struct unpacker *unpacker, struct error *err)
{
	struct slice stored;
	int code = 0;
	size_t i;

	for (i = 0; !code && i < index_cluster_count(unpacker->index); i++)
		code = stored_cluster(unpacker, i, &stored, err);
	return code;
}

int unpack_cluster(struct unpacker *unpacker, size_t i, struct error *err)
{
	uint32_t unpacked_size;
	struct slice stored;
	int code;

	if (unpacker->is_loaded && unpacker->number == i)
		return 0;
	unpacker->is_loaded = false;
	code = stored_cluster(unpacker, i, &stored, err);
	if (code)
		return code;
	unpacked_size = index_cluster(unpacker->index, i).unpacked_size;
	unpacker->cluster.size = 0;
	if (i < index_file_cluster(unpacker->index, 0))
		code = inflate_append(stored, unpacked_size, &unpacker->cluster);
	else
		code = lz4_append(stored, unpacked_size, &unpacker->cluster);
	if (code && code != -EBADMSG)
		return error_errno(err, code, "%s: cluster %zu", unpacker->name, i);
	if (code)
		return error_set(err, -EBADMSG, "%s: cluster %zu is damaged: it does not unpack to "
				 "its size", unpacker->name, i);
	unpacker->number = i;
	unpacker->is_loaded = true;
	return 0;
}

/* index_open() saw that files fill the clusters, so there is a cluster for each byte. */
static int append_pieces(struct unpacker *unpacker, const struct content *content,
			 struct buffer *out, struct error *err)
{
	uint64_t at = content->offset, end = content->offset + content->size;
	int code;

	/* One more, so that even an empty content has an address. */
	code = buffer_reserve(out, (size_t)content->size + 1);
	if (code)
		return error_errno(err, code, "%s", unpacker->name);
	while (at < end) {
		size_t within = (size_t)(at % PAYLOAD_CLUSTER_SIZE);
		size_t size;

		code = unpack_cluster(unpacker,
				      index_file_cluster(unpacker->index, (size_t)(at / PAYLOAD_CLUSTER_SIZE)),
				      err);
		if (code)
			return code;
		size = unpacker->cluster.size - within;
		if (size > end - at)
			size = (size_t)(end - at);
		code = buffer_append(out, unpacker->cluster.data + within, size);
		if (code)
			return error_errno(err, code, "%s", unpacker->name);
		at += size;
	}
	return 0;
}

int unpack_content(struct unpacker *unpacker, const struct content *content, const char *what,
		   struct buffer *out, struct error *err)
{
	size_t start = out->size;
	struct digest digest;
	int code;

	code = append_pieces(unpacker, content, out, err);
	if (!code) {
		digest = digest_of(slice_of(out->data + start, out->size - start));
		if (digest_compare(&digest, &content->digest) != 0)
			code = error_set(err, -EBADMSG, "%s: %s is damaged: its checksum differs",
					 unpacker->name, what);
	}
	if (code)
		out->size = start;
	return code;
}

int unpack_btf(struct unpacker *unpacker, uint32_t btf, struct buffer *out, struct error *err)
{
	struct index_group group;
	int code;

	if (btf >= unpacker->index->head.btf_count)
		return error_set(err, -EBADMSG, "%s: there is no BTF %u", unpacker->name, btf);
	group = index_group_of(unpacker->index, btf);
	code = unpack_cluster(unpacker, group.number, err);
	if (code)
		return code;
	code = group_btf(buffer_slice(&unpacker->cluster), group.count, btf - group.first, out);
	if (code == -EBADMSG)
		return error_set(err, code, "%s: BTF %u is damaged: it does not decode to what its "
				 "checksum says", unpacker->name, btf);
	return code ? error_errno(err, code, "%s: BTF %u", unpacker->name, btf) : 0;
}

int unpack_provenance(struct unpacker *unpacker, size_t block, struct buffer *out,
		      struct error *err)
{
	int code = unpack_cluster(unpacker, index_provenance_cluster(unpacker->index, block), err);

	if (code)
		return code;
	code = buffer_append(out, unpacker->cluster.data, unpacker->cluster.size);
	return code ? error_errno(err, code, "%s", unpacker->name) : 0;
}
