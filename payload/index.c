/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "payload/names.h"

#include "payload/index.h"

/* What the checks hand on: where we are, for messages. */
struct check {
	const struct index *index;
	const char *name;
	struct error *err;
};

__attribute__((format(printf, 2, 3)))
static int damaged(const struct check *check, const char *format, ...)
{
	char fact[256];
	va_list args;

	va_start(args, format);
	vsnprintf(fact, sizeof(fact), format, args);
	va_end(args);
	return error_set(check->err, -EBADMSG, "%s: index is damaged: %s", check->name, fact);
}

const char *index_name(const struct index *index, uint32_t offset)
{
	return (const char *)index->names.data + offset;
}

struct cluster_record index_cluster(const struct index *index, size_t i)
{
	return cluster_decode(index->clusters.data + i * PAYLOAD_CLUSTER_RECORD_SIZE);
}

size_t index_cluster_count(const struct index *index)
{
	return index_file_cluster(index, index->head.file_cluster_count);
}

size_t index_provenance_cluster(const struct index *index, size_t block)
{
	return index->head.group_count + block;
}

size_t index_file_cluster(const struct index *index, size_t i)
{
	return (size_t)index->head.group_count + index->block_count + i;
}

static uint32_t first_of_group(const struct index *index, size_t i)
{
	if (i == index->head.group_count)
		return index->head.btf_count;
	return load_le32(index->groups.data + i * PAYLOAD_GROUP_RECORD_SIZE);
}

struct index_group index_group(const struct index *index, size_t i)
{
	uint32_t first = first_of_group(index, i);

	return (struct index_group){ i, first, first_of_group(index, i + 1) - first };
}

struct index_group index_group_of(const struct index *index, uint32_t btf)
{
	size_t low = 0, high = index->head.group_count;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (first_of_group(index, middle) <= btf)
			low = middle;
		else
			high = middle;
	}
	return index_group(index, low);
}

static struct block_record block_record(const struct index *index, size_t i)
{
	return block_decode(index->block_records.data + i * PAYLOAD_BLOCK_RECORD_SIZE);
}

struct index_block index_block(const struct index *index, size_t i)
{
	struct block_record record = block_record(index, i);
	size_t left = index->head.kernel_count - i * PAYLOAD_BLOCK_KERNELS;

	return (struct index_block){
		.arch = index_name(index, record.arch),
		.release = index_name(index, record.release),
		.stored = slice_of(index->blocks.data + record.offset, record.stored_size),
		.unpacked_size = record.unpacked_size,
		.count = left < PAYLOAD_BLOCK_KERNELS ? (uint32_t)left : PAYLOAD_BLOCK_KERNELS,
	};
}

static struct file_record file_record(const struct index *index, size_t i)
{
	return file_decode(index->files.data + i * PAYLOAD_FILE_RECORD_SIZE);
}

struct content index_file_content(const struct index *index, size_t i)
{
	return file_record(index, i).content;
}

struct payload_file index_file(const struct index *index, size_t i)
{
	struct file_record record = file_record(index, i);

	return (struct payload_file){
		.role = (enum payload_role)record.role,
		.arch = index_name(index, record.arch),
		.name = index_name(index, record.name),
		.size = record.content.size,
		.digest = record.content.digest,
	};
}

int kernel_compare(const struct payload_kernel *a, const struct payload_kernel *b)
{
	int order = strcmp(a->arch, b->arch);

	if (order == 0)
		order = strcmp(a->release, b->release);
	if (order == 0)
		order = strcmp(a->build, b->build);
	if (order == 0)
		order = strcmp(a->distro, b->distro);
	return order ? order : strcmp(a->version_id, b->version_id);
}

int file_compare(const struct payload_file *a, const struct payload_file *b)
{
	int order = (a->role > b->role) - (a->role < b->role);

	if (order == 0)
		order = strcmp(a->arch, b->arch);
	return order ? order : strcmp(a->name, b->name);
}

static int check_counts(const struct check *check, const struct index_head *head)
{
	if (head->group_count > head->btf_count || head->btf_count > PAYLOAD_MAX_BTFS ||
	    head->file_cluster_count > PAYLOAD_MAX_CLUSTERS ||
	    head->file_count > PAYLOAD_MAX_FILES || head->kernel_count > PAYLOAD_MAX_KERNELS)
		return damaged(check, "counts beyond the limits");
	return 0;
}

/* Cuts count records of record_size from the front of *rest. */
static bool cut(struct slice *rest, size_t count, size_t record_size, struct slice *table)
{
	size_t size = count * record_size; /* cannot overflow: both are bounded by check_counts() */

	if (!slice_part(*rest, 0, size, table))
		return false;
	*rest = slice_of(rest->data + size, rest->size - size);
	return true;
}

static int cut_tables(const struct check *check, struct slice bytes, bool is_newer_minor,
		      struct index *out)
{
	struct slice rest = bytes, head;
	int code;

	if (!cut(&rest, 1, PAYLOAD_HEAD_SIZE, &head))
		return damaged(check, "its head is not all there");
	out->head = head_decode(head.data);
	code = check_counts(check, &out->head);
	if (code)
		return code;
	out->block_count = out->head.kernel_count / PAYLOAD_BLOCK_KERNELS +
			   (out->head.kernel_count % PAYLOAD_BLOCK_KERNELS > 0);
	if (!cut(&rest, index_cluster_count(out), PAYLOAD_CLUSTER_RECORD_SIZE, &out->clusters) ||
	    !cut(&rest, out->head.group_count, PAYLOAD_GROUP_RECORD_SIZE, &out->groups) ||
	    !cut(&rest, out->head.file_count, PAYLOAD_FILE_RECORD_SIZE, &out->files) ||
	    !cut(&rest, out->block_count, PAYLOAD_BLOCK_RECORD_SIZE, &out->block_records) ||
	    !cut(&rest, out->head.names_size, 1, &out->names) ||
	    !cut(&rest, out->head.blocks_size, 1, &out->blocks))
		return damaged(check, "its tables are larger than itself");
	if (rest.size > 0 && !is_newer_minor)
		return damaged(check, "%zu bytes behind its tables", rest.size);
	return 0;
}

static int check_names(const struct check *check)
{
	struct slice names = check->index->names;

	if (names.size < 1 || names.data[0] != '\0' || names.data[names.size - 1] != '\0')
		return damaged(check, "the names do not begin and end with NUL");
	return 0;
}

/* True when offset is a string of the table that `is_legal` accepts, or an allowed empty one. */
static bool string_fits(struct slice table, uint32_t offset, bool (*is_legal)(const char *),
			bool may_be_empty)
{
	const char *text;

	if (offset >= table.size)
		return false;
	text = (const char *)table.data + offset;
	return text[0] == '\0' ? may_be_empty : is_legal(text);
}

/* The most that a cluster may unpack to, and whether it has to be that large. */
static uint64_t cluster_limit(const struct index *index, size_t i, bool *is_exact)
{
	*is_exact = false;
	if (i < index->head.group_count)
		return index_group(index, i).count == 1 ? PAYLOAD_MAX_CONTENT + PAYLOAD_GROUP_SIZE
							: PAYLOAD_GROUP_SIZE;
	if (i < index_file_cluster(index, 0))
		return PAYLOAD_MAX_BLOCK;
	*is_exact = i + 1 < index_cluster_count(index);
	return PAYLOAD_CLUSTER_SIZE;
}

static int check_groups(const struct check *check)
{
	const struct index *index = check->index;
	size_t i;

	if ((index->head.group_count == 0) != (index->head.btf_count == 0))
		return damaged(check, "BTFs without a group, or a group without BTFs");
	for (i = 0; i < index->head.group_count; i++)
		if ((i == 0 && first_of_group(index, i) != 0) ||
		    first_of_group(index, i) >= first_of_group(index, i + 1) ||
		    index_group(index, i).count > PAYLOAD_MAX_GROUP)
			return damaged(check, "group %zu does not follow the one before", i);
	return 0;
}

static int check_clusters(const struct check *check, uint64_t index_end, uint64_t total_size,
			  uint64_t *stream_size)
{
	const struct index *index = check->index;
	uint64_t next = index_end;
	size_t i;

	*stream_size = 0;
	for (i = 0; i < index_cluster_count(index); i++) {
		struct cluster_record cluster = index_cluster(index, i);
		bool is_exact;
		uint64_t limit = cluster_limit(index, i, &is_exact);

		if (cluster.offset != next || !range_fits(total_size, next, cluster.stored_size))
			return damaged(check, "cluster %zu does not follow the one before", i);
		if (cluster.unpacked_size < 1 || cluster.unpacked_size > limit ||
		    (is_exact && cluster.unpacked_size != limit) ||
		    cluster.unpacked_size / PAYLOAD_MAX_RATIO > cluster.stored_size)
			return damaged(check, "cluster %zu has an impossible size", i);
		next += cluster.stored_size;
		if (i >= index_file_cluster(index, 0))
			*stream_size += cluster.unpacked_size;
	}
	if (next != total_size)
		return damaged(check, "the clusters do not fill the payload");
	return 0;
}

/* Contents follow one another; *next is where this one has to begin. */
static bool content_follows(const struct content *content, uint64_t *next)
{
	if (content->offset != *next || content->size > PAYLOAD_MAX_CONTENT)
		return false;
	*next += content->size;
	return true;
}

static int check_files(const struct check *check, uint64_t *next)
{
	const struct index *index = check->index;
	size_t i;

	for (i = 0; i < index->head.file_count; i++) {
		struct file_record record = file_record(index, i);
		struct payload_file file, before;

		if (record.role == 0 ||
		    !string_fits(index->names, record.arch, name_is_kernel_word, true) ||
		    !string_fits(index->names, record.name, name_is_file, false))
			return damaged(check, "file %zu has an illegal role, arch or name", i);
		file = index_file(index, i);
		if (!content_follows(&record.content, next))
			return damaged(check, "file %s is not where it should be", file.name);
		if (i == 0)
			continue;
		before = index_file(index, i - 1);
		if (file_compare(&before, &file) >= 0)
			return damaged(check, "file %s is out of order", file.name);
	}
	return 0;
}

static int compare_blocks(const struct index_block *a, const struct index_block *b)
{
	int order = strcmp(a->arch, b->arch);

	return order ? order : strcmp(a->release, b->release);
}

/* What is within a block is checked when it is unpacked. */
static int check_blocks(const struct check *check)
{
	const struct index *index = check->index;
	uint64_t next = 0;
	size_t i;

	for (i = 0; i < index->block_count; i++) {
		struct block_record record = block_record(index, i);
		struct index_block block, before;

		if (!string_fits(index->names, record.arch, name_is_kernel_word, false) ||
		    !string_fits(index->names, record.release, name_is_kernel_word, false))
			return damaged(check, "block %zu of kernels has an illegal name", i);
		if (record.offset != next ||
		    !range_fits(index->blocks.size, next, record.stored_size) ||
		    record.unpacked_size < 1 || record.unpacked_size > PAYLOAD_MAX_BLOCK)
			return damaged(check, "block %zu of kernels is not where it should be", i);
		next += record.stored_size;
		if (i == 0)
			continue;
		block = index_block(index, i);
		before = index_block(index, i - 1);
		if (compare_blocks(&before, &block) > 0)
			return damaged(check, "block %zu of kernels is out of order", i);
	}
	if (next != index->blocks.size)
		return damaged(check, "the blocks of kernels do not fill their section");
	return 0;
}

static int check_tables(const struct check *check, const struct header *header)
{
	const struct index *index = check->index;
	uint64_t stream_size, next = 0;
	int code;

	code = check_names(check);
	if (!code)
		code = check_groups(check);
	if (code)
		return code;
	if (!string_fits(index->names, index->head.app, name_is_app, false) ||
	    !string_fits(index->names, index->head.version, name_is_version, false))
		return damaged(check, "application name or version is illegal");
	code = check_clusters(check, PAYLOAD_HEADER_SIZE + header->index_size, header->total_size,
			      &stream_size);
	if (!code)
		code = check_files(check, &next);
	if (!code && next != stream_size)
		code = damaged(check, "the files do not fill their clusters");
	return code ? code : check_blocks(check);
}

int index_open(struct slice payload, const struct header *header, const char *name,
	       struct index *out, struct error *err)
{
	struct index index = { 0 };
	struct check check = { .index = &index, .name = name, .err = err };
	struct slice bytes;
	struct digest digest;
	int code;

	if (!slice_part(payload, PAYLOAD_HEADER_SIZE, header->index_size, &bytes))
		return damaged(&check, "it is not all there");
	digest = digest_of(bytes);
	if (digest_compare(&digest, &header->index_digest) != 0)
		return damaged(&check, "its checksum differs");
	code = cut_tables(&check, bytes, header->minor > PAYLOAD_MINOR, &index);
	if (!code)
		code = check_tables(&check, header);
	if (!code)
		*out = index;
	return code;
}
