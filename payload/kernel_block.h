/* SPDX-License-Identifier: BSD-2-Clause */
/* Kernels that are packed together, and where they came from (payload/FORMAT.md, 8.). */
#ifndef PAYLOAD_KERNEL_BLOCK_H
#define PAYLOAD_KERNEL_BLOCK_H

#include "payload/stream.h"

/* Unpacked.  Strings of kernels point into the buffers; builds are "" until they are read. */
struct kernel_block {
	struct payload_kernel *kernels;
	uint32_t count;
	struct buffer names, provenance;
};

/* How many kernels the block has whose first one is number `first` of all. */
static inline size_t kernel_block_count(size_t all, size_t first)
{
	return all - first < PAYLOAD_BLOCK_KERNELS ? all - first : PAYLOAD_BLOCK_KERNELS;
}

/* Appends the unpacked form of kernels; final tells their BTFs' numbers.  -ENOMEM. */
int kernel_block_pack(const struct payload_kernel *kernels, size_t count, const uint32_t *final,
		      struct buffer *out);

/* Adds the cluster that says where these came from. */
int provenance_pack(const struct payload_kernel *kernels, size_t count, struct stream *out);

/*
 * Reads the count kernels of a block from its unpacked bytes, which it takes over.  -EBADMSG where
 * a name is illegal, an order wrong, or a BTF's number not below btf_count; -ENOMEM.
 * kernel_block_free() frees, also after a failure.
 */
int kernel_block_open(struct buffer *unpacked, uint32_t count, uint32_t btf_count,
		      struct kernel_block *out);
void kernel_block_free(struct kernel_block *block);

/*
 * Gives the kernels of an open block their builds and digests; takes the unpacked bytes over.
 * -EBADMSG leaves them not known.
 */
int kernel_block_add_provenance(struct kernel_block *block, struct buffer *unpacked);

/* By arch, then release: the order that a look-up relies on. */
int kernel_compare_key(const struct payload_kernel *kernel, const char *arch, const char *release);

#endif
