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
	struct slice clusters, btfs, files, kernels, names, provenance, builds;
};

/* Checks the digest and then the content of the index that header announces. */
int index_open(struct slice payload, const struct header *header, const char *name,
	       struct index *out, struct error *err);

/* A string of the table names. */
const char *index_name(const struct index *index, uint32_t offset);

struct cluster_record index_cluster(const struct index *index, size_t i);
struct content index_btf(const struct index *index, size_t i);
struct content index_file_content(const struct index *index, size_t i);
struct payload_file index_file(const struct index *index, size_t i);
struct payload_kernel index_kernel(const struct index *index, size_t i);

/* The orders in which the tables stand; below, above or 0. */
int kernel_compare(const struct payload_kernel *a, const struct payload_kernel *b);
int file_compare(const struct payload_file *a, const struct payload_file *b);

#endif
