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
	uint32_t cluster_count, btf_count, file_count, kernel_count;
	uint32_t names_size, builds_size;
};

struct cluster_record {
	uint64_t offset;             /* in the payload */
	uint32_t stored_size, unpacked_size;
	struct digest digest;        /* of the stored bytes */
};

/* A run of bytes of the stream: a BTF, or what a file holds. */
struct content {
	struct digest digest;
	uint64_t offset;
	uint32_t size;
};

struct file_record {
	struct content content;
	uint32_t role, arch, name;
};

struct kernel_record {
	uint32_t arch, release, distro, version_id, btf;
};

struct provenance_record {
	struct digest full_btf;
	uint32_t build;
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
void btf_encode(const struct content *btf, uint8_t out[static PAYLOAD_BTF_RECORD_SIZE]);
void file_encode(const struct file_record *file, uint8_t out[static PAYLOAD_FILE_RECORD_SIZE]);
void kernel_encode(const struct kernel_record *kernel,
		   uint8_t out[static PAYLOAD_KERNEL_RECORD_SIZE]);
void provenance_encode(const struct provenance_record *provenance,
		       uint8_t out[static PAYLOAD_PROVENANCE_RECORD_SIZE]);

struct index_head head_decode(const uint8_t in[static PAYLOAD_HEAD_SIZE]);
struct cluster_record cluster_decode(const uint8_t in[static PAYLOAD_CLUSTER_RECORD_SIZE]);
struct content btf_decode(const uint8_t in[static PAYLOAD_BTF_RECORD_SIZE]);
struct file_record file_decode(const uint8_t in[static PAYLOAD_FILE_RECORD_SIZE]);
struct kernel_record kernel_decode(const uint8_t in[static PAYLOAD_KERNEL_RECORD_SIZE]);
struct provenance_record provenance_decode(const uint8_t in[static PAYLOAD_PROVENANCE_RECORD_SIZE]);

#endif
