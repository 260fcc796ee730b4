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

struct content index_btf(const struct index *index, size_t i)
{
	return btf_decode(index->btfs.data + i * PAYLOAD_BTF_RECORD_SIZE);
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

static struct kernel_record kernel_record(const struct index *index, size_t i)
{
	return kernel_decode(index->kernels.data + i * PAYLOAD_KERNEL_RECORD_SIZE);
}

static struct provenance_record provenance_record(const struct index *index, size_t i)
{
	return provenance_decode(index->provenance.data + i * PAYLOAD_PROVENANCE_RECORD_SIZE);
}

struct payload_kernel index_kernel(const struct index *index, size_t i)
{
	struct kernel_record record = kernel_record(index, i);
	struct provenance_record provenance = provenance_record(index, i);

	return (struct payload_kernel){
		.arch = index_name(index, record.arch),
		.release = index_name(index, record.release),
		.build = (const char *)index->builds.data + provenance.build,
		.distro = index_name(index, record.distro),
		.version_id = index_name(index, record.version_id),
		.full_btf = provenance.full_btf,
		.btf = record.btf,
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
	if (head->cluster_count > PAYLOAD_MAX_CLUSTERS || head->btf_count > PAYLOAD_MAX_BTFS ||
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
	if (!cut(&rest, out->head.cluster_count, PAYLOAD_CLUSTER_RECORD_SIZE, &out->clusters) ||
	    !cut(&rest, out->head.btf_count, PAYLOAD_BTF_RECORD_SIZE, &out->btfs) ||
	    !cut(&rest, out->head.file_count, PAYLOAD_FILE_RECORD_SIZE, &out->files) ||
	    !cut(&rest, out->head.kernel_count, PAYLOAD_KERNEL_RECORD_SIZE, &out->kernels) ||
	    !cut(&rest, out->head.names_size, 1, &out->names) ||
	    !cut(&rest, out->head.kernel_count, PAYLOAD_PROVENANCE_RECORD_SIZE, &out->provenance) ||
	    !cut(&rest, out->head.builds_size, 1, &out->builds))
		return damaged(check, "its tables are larger than itself");
	if (rest.size > 0 && !is_newer_minor)
		return damaged(check, "%zu bytes behind its tables", rest.size);
	return 0;
}

static int check_strings(const struct check *check, struct slice table, const char *what)
{
	if (table.size < 1 || table.data[0] != '\0' || table.data[table.size - 1] != '\0')
		return damaged(check, "the %s do not begin and end with NUL", what);
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

static int check_clusters(const struct check *check, uint64_t index_end, uint64_t total_size,
			  uint64_t *stream_size)
{
	const struct index *index = check->index;
	uint64_t next = index_end;
	size_t i;

	*stream_size = 0;
	for (i = 0; i < index->head.cluster_count; i++) {
		struct cluster_record cluster = index_cluster(index, i);
		bool is_last = i + 1 == index->head.cluster_count;

		if (cluster.offset != next || !range_fits(total_size, next, cluster.stored_size))
			return damaged(check, "cluster %zu does not follow the one before", i);
		if (cluster.unpacked_size < 1 || cluster.unpacked_size > PAYLOAD_CLUSTER_SIZE ||
		    (!is_last && cluster.unpacked_size != PAYLOAD_CLUSTER_SIZE) ||
		    cluster.unpacked_size / PAYLOAD_MAX_RATIO > cluster.stored_size)
			return damaged(check, "cluster %zu has an impossible size", i);
		next += cluster.stored_size;
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

static int check_btfs(const struct check *check, uint64_t *next)
{
	size_t i;

	for (i = 0; i < check->index->head.btf_count; i++) {
		struct content btf = index_btf(check->index, i);

		if (btf.size == 0 || !content_follows(&btf, next))
			return damaged(check, "BTF %zu is not where it should be", i);
	}
	return 0;
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

static int check_kernels(const struct check *check)
{
	const struct index *index = check->index;
	size_t i;

	for (i = 0; i < index->head.kernel_count; i++) {
		struct kernel_record record = kernel_record(index, i);
		struct provenance_record provenance = provenance_record(index, i);
		struct payload_kernel kernel, before;

		if (!string_fits(index->names, record.arch, name_is_kernel_word, false) ||
		    !string_fits(index->names, record.release, name_is_kernel_word, false) ||
		    !string_fits(index->names, record.distro, name_is_kernel_word, true) ||
		    !string_fits(index->names, record.version_id, name_is_kernel_word, true) ||
		    !string_fits(index->builds, provenance.build, name_is_build, true))
			return damaged(check, "kernel %zu has an illegal name", i);
		if (record.btf >= index->head.btf_count)
			return damaged(check, "kernel %zu refers to a BTF that is not there", i);
		if (i == 0)
			continue;
		kernel = index_kernel(index, i);
		before = index_kernel(index, i - 1);
		if (kernel_compare(&before, &kernel) >= 0)
			return damaged(check, "kernel %s is out of order", kernel.release);
	}
	return 0;
}

static int check_tables(const struct check *check, const struct header *header)
{
	const struct index *index = check->index;
	uint64_t stream_size, next = 0;
	int code;

	code = check_strings(check, index->names, "names");
	if (!code)
		code = check_strings(check, index->builds, "builds");
	if (code)
		return code;
	if (!string_fits(index->names, index->head.app, name_is_app, false) ||
	    !string_fits(index->names, index->head.version, name_is_version, false))
		return damaged(check, "application name or version is illegal");
	code = check_clusters(check, PAYLOAD_HEADER_SIZE + header->index_size, header->total_size,
			      &stream_size);
	if (!code)
		code = check_btfs(check, &next);
	if (!code)
		code = check_files(check, &next);
	if (!code && next != stream_size)
		code = damaged(check, "the contents do not fill the clusters");
	return code ? code : check_kernels(check);
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
