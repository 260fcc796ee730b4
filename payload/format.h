/* SPDX-License-Identifier: BSD-2-Clause */
/* The numbers of payload/FORMAT.md, under the names that it uses. */
#ifndef PAYLOAD_FORMAT_H
#define PAYLOAD_FORMAT_H

#define PAYLOAD_MAGIC "\x89" "BTF\r\n\x1a\n"
#define PAYLOAD_SECTION ".btferry.payload"
#define SIGNATURE_SECTION ".btferry.minisig" /* of the payload (payload/minisign.h) */

enum {
	PAYLOAD_MAGIC_SIZE = 8,
	PAYLOAD_MAJOR = 2,
	PAYLOAD_MINOR = 0,
};

/* Sizes of records. */
enum {
	PAYLOAD_HEADER_SIZE = 128,
	PAYLOAD_HEAD_SIZE = 68,
	PAYLOAD_CLUSTER_RECORD_SIZE = 48,
	PAYLOAD_GROUP_RECORD_SIZE = 4,
	PAYLOAD_FILE_RECORD_SIZE = 56,
	PAYLOAD_BLOCK_RECORD_SIZE = 20,
};

/* Limits; a reader refuses what is beyond them before it allocates. */
enum {
	PAYLOAD_MAX_SIZE = 1024 * 1024 * 1024,
	PAYLOAD_MAX_INDEX = 64 * 1024 * 1024,
	PAYLOAD_MAX_KERNELS = 256 * 1024,
	PAYLOAD_MAX_BTFS = 256 * 1024,
	PAYLOAD_MAX_FILES = 4096,
	PAYLOAD_MAX_CLUSTERS = 4096,  /* of files */
	PAYLOAD_CLUSTER_SIZE = 1024 * 1024,
	PAYLOAD_MAX_GROUP = 256,      /* BTFs */
	PAYLOAD_GROUP_SIZE = 64 * 1024,
	PAYLOAD_MAX_CHAIN = 8,
	PAYLOAD_MAX_CODED = 1024 * 1024,
	PAYLOAD_BLOCK_KERNELS = 256,
	PAYLOAD_MAX_BLOCK = 256 * 1024,
	PAYLOAD_MAX_CONTENT = 64 * 1024 * 1024,
	PAYLOAD_MAX_APP = 63,
	PAYLOAD_MAX_NAME = 127,
	PAYLOAD_MAX_BUILD = 255,
	PAYLOAD_MAX_RATIO = 1032, /* deflate packs no more than that many bytes into one */
};

#endif
