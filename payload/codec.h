/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The records of payload/FORMAT.md as plain structs: an encode and a decode for each.  Decoding
 * checks what one record can tell about itself; how records relate is payload/index.h's business.
 */
#ifndef PAYLOAD_CODEC_H
#define PAYLOAD_CODEC_H

#include "lib/digest.h"
#include "lib/error.h"
#include "payload/format.h"

struct header {
	uint16_t major, minor;
	uint32_t required, optional;
	uint64_t total_size, index_size;
	struct digest index_digest;
};

struct index_head {
	struct digest fingerprint;
	uint32_t app, version;       /* strings in names */
	uint32_t group_count, btf_count, file_cluster_count, file_count, kernel_count;
	uint32_t names_size, blocks_size;
};

struct cluster_record {
	uint64_t offset;             /* in the payload */
	uint32_t stored_size, unpacked_size;
	struct digest digest;        /* of the stored bytes */
};

/* What a file holds: a run of bytes of the stream. */
struct content {
	struct digest digest;
	uint64_t offset;
	uint32_t size;
};

struct file_record {
	struct content content;
	uint32_t role, arch, name;
};

/* Kernels that are packed together. */
struct block_record {
	uint32_t offset;             /* in the section of blocks */
	uint32_t stored_size, unpacked_size;
	uint32_t arch, release;      /* of the first kernel; strings in names */
};

/* Fills in the header's own digest too. */
void header_encode(const struct header *header, uint8_t out[static PAYLOAD_HEADER_SIZE]);

/*
 * Reads the header at the start of bytes, in the order magic, checksum, version, sizes: -EBADMSG
 * not a payload or damaged, -ENOTSUP newer.  name is for messages.
 */
int header_decode(struct slice bytes, const char *name, struct header *out, struct error *err);

void head_encode(const struct index_head *head, uint8_t out[static PAYLOAD_HEAD_SIZE]);
void cluster_encode(const struct cluster_record *cluster,
		    uint8_t out[static PAYLOAD_CLUSTER_RECORD_SIZE]);
void file_encode(const struct file_record *file, uint8_t out[static PAYLOAD_FILE_RECORD_SIZE]);
void block_encode(const struct block_record *block, uint8_t out[static PAYLOAD_BLOCK_RECORD_SIZE]);

struct index_head head_decode(const uint8_t in[static PAYLOAD_HEAD_SIZE]);
struct cluster_record cluster_decode(const uint8_t in[static PAYLOAD_CLUSTER_RECORD_SIZE]);
struct file_record file_decode(const uint8_t in[static PAYLOAD_FILE_RECORD_SIZE]);
struct block_record block_decode(const uint8_t in[static PAYLOAD_BLOCK_RECORD_SIZE]);

#endif
