/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <string.h>

#include "payload/codec.h"

/* What the header's digest covers; fixed for every version of the format. */
enum { CHECKED_FROM = 40, CHECKED_SIZE = PAYLOAD_HEADER_SIZE - CHECKED_FROM };

static struct digest load_digest(const uint8_t *p)
{
	struct digest digest;

	memcpy(digest.bytes, p, DIGEST_SIZE);
	return digest;
}

static void store_digest(uint8_t *p, const struct digest *digest)
{
	memcpy(p, digest->bytes, DIGEST_SIZE);
}

void header_encode(const struct header *header, uint8_t out[static PAYLOAD_HEADER_SIZE])
{
	struct digest own;

	memset(out, 0, PAYLOAD_HEADER_SIZE);
	memcpy(out, PAYLOAD_MAGIC, PAYLOAD_MAGIC_SIZE);
	store_le16(out + 40, header->major);
	store_le16(out + 42, header->minor);
	store_le32(out + 44, header->required);
	store_le32(out + 48, header->optional);
	store_le64(out + 56, header->total_size);
	store_le64(out + 64, header->index_size);
	store_digest(out + 72, &header->index_digest);
	own = digest_of(slice_of(out + CHECKED_FROM, CHECKED_SIZE));
	store_digest(out + 8, &own);
}

static int check_magic(struct slice bytes, const char *name, struct error *err)
{
	if (bytes.size >= PAYLOAD_MAGIC_SIZE &&
	    memcmp(bytes.data, PAYLOAD_MAGIC, PAYLOAD_MAGIC_SIZE) == 0)
		return 0;
	if (bytes.size >= PAYLOAD_MAGIC_SIZE && memcmp(bytes.data + 1, "BTF", 3) == 0)
		return error_set(err, -EBADMSG, "%s: header is damaged: it looks as after a transfer in "
				 "text mode; copy the file again, as binary", name);
	return error_set(err, -EBADMSG, "%s: is not a payload", name);
}

/* Reserved bytes that are not zero: a writer that knew more than we do put something there. */
static bool reserved_is_zero(const uint8_t *header)
{
	static const uint8_t zero[24];

	return memcmp(header + 52, zero, 4) == 0 && memcmp(header + 104, zero, sizeof(zero)) == 0;
}

static int check_version(const struct header *header, const uint8_t *in, const char *name,
			 struct error *err)
{
	if (header->major != PAYLOAD_MAJOR)
		return error_set(err, -ENOTSUP, "%s: has format version %u.%u, this program reads %d; "
				 "use a newer one", name, header->major, header->minor, PAYLOAD_MAJOR);
	if (header->required != 0)
		return error_set(err, -ENOTSUP, "%s: needs the features 0x%x (required flags) that this "
				 "program does not know; use a newer one", name, header->required);
	if (!reserved_is_zero(in))
		return error_set(err, -ENOTSUP, "%s: uses header fields that this program does not "
				 "know; use a newer one", name);
	return 0;
}

static int check_sizes(const struct header *header, size_t size, const char *name,
		       struct error *err)
{
	if (header->total_size > PAYLOAD_MAX_SIZE || header->index_size > PAYLOAD_MAX_INDEX)
		return error_set(err, -EBADMSG, "%s: header is damaged: sizes beyond the limits", name);
	if (size < header->total_size)
		return error_set(err, -EBADMSG, "%s: is truncated: %zu of %llu bytes are there", name,
				 size, (unsigned long long)header->total_size);
	if (size > header->total_size)
		return error_set(err, -EBADMSG, "%s: is damaged: %llu bytes behind its end", name,
				 (unsigned long long)(size - header->total_size));
	if (!range_fits(header->total_size, PAYLOAD_HEADER_SIZE, header->index_size))
		return error_set(err, -EBADMSG, "%s: header is damaged: the index is larger than "
				 "the payload", name);
	return 0;
}

int header_decode(struct slice bytes, const char *name, struct header *out, struct error *err)
{
	const uint8_t *in = bytes.data;
	struct header header;
	struct digest own, stored;
	int code;

	code = check_magic(bytes, name, err);
	if (code)
		return code;
	if (bytes.size < PAYLOAD_HEADER_SIZE)
		return error_set(err, -EBADMSG, "%s: is truncated: the header is not all there", name);
	own = digest_of(slice_of(in + CHECKED_FROM, CHECKED_SIZE));
	stored = load_digest(in + 8);
	if (digest_compare(&own, &stored) != 0)
		return error_set(err, -EBADMSG, "%s: header is damaged: its checksum differs", name);
	header = (struct header){
		.major = load_le16(in + 40),
		.minor = load_le16(in + 42),
		.required = load_le32(in + 44),
		.optional = load_le32(in + 48),
		.total_size = load_le64(in + 56),
		.index_size = load_le64(in + 64),
		.index_digest = load_digest(in + 72),
	};
	code = check_version(&header, in, name, err);
	if (!code)
		code = check_sizes(&header, bytes.size, name, err);
	if (!code)
		*out = header;
	return code;
}

void head_encode(const struct index_head *head, uint8_t out[static PAYLOAD_HEAD_SIZE])
{
	store_digest(out, &head->fingerprint);
	store_le32(out + 32, head->app);
	store_le32(out + 36, head->version);
	store_le32(out + 40, head->group_count);
	store_le32(out + 44, head->btf_count);
	store_le32(out + 48, head->file_cluster_count);
	store_le32(out + 52, head->file_count);
	store_le32(out + 56, head->kernel_count);
	store_le32(out + 60, head->names_size);
	store_le32(out + 64, head->blocks_size);
}

struct index_head head_decode(const uint8_t in[static PAYLOAD_HEAD_SIZE])
{
	return (struct index_head){
		.fingerprint = load_digest(in),
		.app = load_le32(in + 32),
		.version = load_le32(in + 36),
		.group_count = load_le32(in + 40),
		.btf_count = load_le32(in + 44),
		.file_cluster_count = load_le32(in + 48),
		.file_count = load_le32(in + 52),
		.kernel_count = load_le32(in + 56),
		.names_size = load_le32(in + 60),
		.blocks_size = load_le32(in + 64),
	};
}

void cluster_encode(const struct cluster_record *cluster,
		    uint8_t out[static PAYLOAD_CLUSTER_RECORD_SIZE])
{
	store_le64(out, cluster->offset);
	store_le32(out + 8, cluster->stored_size);
	store_le32(out + 12, cluster->unpacked_size);
	store_digest(out + 16, &cluster->digest);
}

struct cluster_record cluster_decode(const uint8_t in[static PAYLOAD_CLUSTER_RECORD_SIZE])
{
	return (struct cluster_record){
		.offset = load_le64(in),
		.stored_size = load_le32(in + 8),
		.unpacked_size = load_le32(in + 12),
		.digest = load_digest(in + 16),
	};
}

void file_encode(const struct file_record *file, uint8_t out[static PAYLOAD_FILE_RECORD_SIZE])
{
	store_digest(out, &file->content.digest);
	store_le64(out + 32, file->content.offset);
	store_le32(out + 40, file->content.size);
	store_le32(out + 44, file->role);
	store_le32(out + 48, file->arch);
	store_le32(out + 52, file->name);
}

struct file_record file_decode(const uint8_t in[static PAYLOAD_FILE_RECORD_SIZE])
{
	return (struct file_record){
		.content = {
			.digest = load_digest(in),
			.offset = load_le64(in + 32),
			.size = load_le32(in + 40),
		},
		.role = load_le32(in + 44),
		.arch = load_le32(in + 48),
		.name = load_le32(in + 52),
	};
}

void block_encode(const struct block_record *block, uint8_t out[static PAYLOAD_BLOCK_RECORD_SIZE])
{
	store_le32(out, block->offset);
	store_le32(out + 4, block->stored_size);
	store_le32(out + 8, block->unpacked_size);
	store_le32(out + 12, block->arch);
	store_le32(out + 16, block->release);
}

struct block_record block_decode(const uint8_t in[static PAYLOAD_BLOCK_RECORD_SIZE])
{
	return (struct block_record){
		.offset = load_le32(in),
		.stored_size = load_le32(in + 4),
		.unpacked_size = load_le32(in + 8),
		.arch = load_le32(in + 12),
		.release = load_le32(in + 16),
	};
}
