/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The index of a payload in memory.  index_open() checks everything that payload/FORMAT.md, 5. says
 * about it; after that every accessor is a plain load, for any number below the count of its table.
 */
#ifndef PAYLOAD_INDEX_H
#define PAYLOAD_INDEX_H

#include "payload/codec.h"
#include "payload/reader.h"

struct index {
	struct index_head head;
	struct slice clusters, groups, files, block_records, names, blocks;
	uint32_t block_count;        /* of kernels, and of the clusters of their provenance */
};

/* Checks the digest and then the content of the index that header announces. */
int index_open(struct slice payload, const struct header *header, const char *name,
	       struct index *out, struct error *err);

/* A string of the table names. */
const char *index_name(const struct index *index, uint32_t offset);

/* Clusters: groups first, then where the kernels of each block came from, then files. */
struct cluster_record index_cluster(const struct index *index, size_t i);
size_t index_cluster_count(const struct index *index);
size_t index_provenance_cluster(const struct index *index, size_t block);
size_t index_file_cluster(const struct index *index, size_t i);

/* The group that a BTF is in. */
struct index_group {
	size_t number;
	uint32_t first, count;       /* BTFs */
};

struct index_group index_group(const struct index *index, size_t i);
struct index_group index_group_of(const struct index *index, uint32_t btf);

/* The kernels that are packed together. */
struct index_block {
	const char *arch, *release;  /* of the first kernel */
	struct slice stored;
	uint32_t unpacked_size, count;
};

struct index_block index_block(const struct index *index, size_t i);

struct content index_file_content(const struct index *index, size_t i);
struct payload_file index_file(const struct index *index, size_t i);

/* The orders in which the tables stand; below, above or 0. */
int kernel_compare(const struct payload_kernel *a, const struct payload_kernel *b);
int file_compare(const struct payload_file *a, const struct payload_file *b);

#endif
