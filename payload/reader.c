/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/file.h"
#include "payload/deflate.h"
#include "payload/kernel_block.h"
#include "payload/section.h"
#include "payload/unpack.h"

#include "payload/reader.h"

struct payload {
	struct slice bytes;
	struct file_map map;         /* empty when the bytes are somebody else's */
	char *name;                  /* for messages */
	struct index index;
	/* What a read changes stands behind pointers, which const leaves alone. */
	struct unpacker *unpacker;
	struct kernel_block *blocks; /* of kernels; those without kernels were not asked for yet */
	struct known_btf *btfs;
};

/* What decoding a BTF told about it. */
struct known_btf {
	struct digest digest;
	uint64_t size;               /* 0: not known yet */
};

static struct payload *payload_new(const char *name)
{
	struct payload *payload = calloc(1, sizeof(*payload));

	if (!payload)
		return NULL;
	payload->name = strdup(name);
	payload->unpacker = calloc(1, sizeof(*payload->unpacker));
	if (!payload->name || !payload->unpacker) {
		payload_close(payload);
		return NULL;
	}
	return payload;
}

void payload_close(struct payload *payload)
{
	size_t i;

	if (!payload)
		return;
	for (i = 0; payload->blocks && i < payload->index.block_count; i++)
		kernel_block_free(&payload->blocks[i]);
	free(payload->blocks);
	free(payload->btfs);
	if (payload->unpacker)
		unpacker_free(payload->unpacker);
	free(payload->unpacker);
	file_unmap(&payload->map);
	free(payload->name);
	free(payload);
}

/* Takes bytes as this payload's, once they turn out to be one. */
static int accept(struct payload *payload, struct slice bytes, struct error *err)
{
	struct header header;
	int code;

	if (section_is_elf(bytes)) {
		code = section_find(bytes, payload->name, PAYLOAD_SECTION, &bytes, err);
		if (code)
			return code;
	}
	code = header_decode(bytes, payload->name, &header, err);
	if (!code)
		code = index_open(bytes, &header, payload->name, &payload->index, err);
	if (code)
		return code;
	payload->blocks = calloc((size_t)payload->index.block_count + 1, sizeof(*payload->blocks));
	payload->btfs = calloc((size_t)payload->index.head.btf_count + 1, sizeof(*payload->btfs));
	if (!payload->blocks || !payload->btfs)
		return error_errno(err, -ENOMEM, "%s", payload->name);
	payload->bytes = bytes;
	*payload->unpacker = (struct unpacker){
		.payload = bytes,
		.index = &payload->index,
		.name = payload->name,
	};
	return 0;
}

int payload_open_bytes(struct slice bytes, const char *name, struct payload **out,
		       struct error *err)
{
	struct payload *payload = payload_new(name);
	int code;

	if (!payload)
		return error_errno(err, -ENOMEM, "%s", name);
	code = accept(payload, bytes, err);
	if (code)
		payload_close(payload);
	else
		*out = payload;
	return code;
}

int payload_open(int dir_fd, const char *path, struct payload **out, struct error *err)
{
	struct payload *payload = payload_new(path);
	int code;

	if (!payload)
		return error_errno(err, -ENOMEM, "%s", path);
	code = file_map(dir_fd, path, &payload->map, err);
	if (!code)
		code = accept(payload, payload->map.bytes, err);
	if (code)
		payload_close(payload);
	else
		*out = payload;
	return code;
}

const char *payload_app(const struct payload *payload)
{
	return index_name(&payload->index, payload->index.head.app);
}

const char *payload_app_version(const struct payload *payload)
{
	return index_name(&payload->index, payload->index.head.version);
}

struct digest payload_fingerprint(const struct payload *payload)
{
	return payload->index.head.fingerprint;
}

size_t payload_kernel_count(const struct payload *payload)
{
	return payload->index.head.kernel_count;
}

static int compare_key(const char *arch, const char *release, const char *other_arch,
		       const char *other_release)
{
	int order = strcmp(arch, other_arch);

	return order ? order : strcmp(release, other_release);
}

/* The block begins with the key that the index has, and ends before that of the next one. */
static bool is_between_keys(const struct payload *payload, size_t i)
{
	const struct kernel_block *block = &payload->blocks[i];
	struct index_block record = index_block(&payload->index, i), next;

	if (kernel_compare_key(&block->kernels[0], record.arch, record.release) != 0)
		return false;
	if (i + 1 == payload->index.block_count)
		return true;
	next = index_block(&payload->index, i + 1);
	return kernel_compare_key(&block->kernels[block->count - 1], next.arch, next.release) <= 0;
}

static int load_block(const struct payload *payload, size_t i, struct error *err)
{
	struct index_block record = index_block(&payload->index, i);
	struct kernel_block *block = &payload->blocks[i];
	struct buffer unpacked = { 0 };
	int code;

	if (block->kernels)
		return 0;
	code = inflate_append(record.stored, record.unpacked_size, &unpacked);
	if (!code)
		code = kernel_block_open(&unpacked, record.count, payload->index.head.btf_count, block);
	if (!code && !is_between_keys(payload, i))
		code = -EBADMSG;
	buffer_free(&unpacked);
	if (!code)
		return 0;
	kernel_block_free(block);
	if (code == -EBADMSG)
		return error_set(err, code, "%s: index is damaged: block %zu of kernels is not what a "
				 "writer makes", payload->name, i);
	return error_errno(err, code, "%s", payload->name);
}

static int load_provenance(const struct payload *payload, size_t i, struct error *err)
{
	struct kernel_block *block = &payload->blocks[i];
	struct buffer unpacked = { 0 };
	int code;

	if (block->provenance.data)
		return 0;
	code = unpack_provenance(payload->unpacker, i, &unpacked, err);
	if (code)
		return code;
	code = kernel_block_add_provenance(block, &unpacked);
	return code ? error_set(err, code, "%s: cluster %zu is damaged: it is not the provenance of "
				"%u kernels", payload->name, index_provenance_cluster(&payload->index, i),
				block->count) : 0;
}

struct payload_kernel payload_kernel(const struct payload *payload, size_t i)
{
	size_t block = i / PAYLOAD_BLOCK_KERNELS;
	struct error err;

	if (load_block(payload, block, &err))
		return (struct payload_kernel){ "", "", "", "", "", { { 0 } }, UINT32_MAX };
	load_provenance(payload, block, &err);
	return payload->blocks[block].kernels[i % PAYLOAD_BLOCK_KERNELS];
}

/* How many blocks begin below (arch, release), or at it too if `above`. */
static size_t block_bound(const struct payload *payload, const char *arch, const char *release,
			  bool above)
{
	size_t low = 0, high = payload->index.block_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		struct index_block block = index_block(&payload->index, middle);
		int order = compare_key(block.arch, block.release, arch, release);

		if (order < 0 || (above && order == 0))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/*
 * The number of the first kernel that is not below (arch, release), or above it if `above`: it is
 * in the last block that begins before that, or the first one behind it.
 */
static size_t kernel_bound(const struct payload *payload, const char *arch, const char *release,
			   bool above)
{
	size_t blocks = block_bound(payload, arch, release, above), low = 0, high;
	const struct kernel_block *block;
	struct error err;

	if (blocks == 0 || load_block(payload, blocks - 1, &err))
		return 0;
	block = &payload->blocks[blocks - 1];
	high = block->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = kernel_compare_key(&block->kernels[middle], arch, release);

		if (order < 0 || (above && order == 0))
			low = middle + 1;
		else
			high = middle;
	}
	return (blocks - 1) * PAYLOAD_BLOCK_KERNELS + low;
}

size_t payload_find(const struct payload *payload, const char *arch, const char *release,
		    size_t *first)
{
	size_t end = kernel_bound(payload, arch, release, true);

	*first = kernel_bound(payload, arch, release, false);
	return *first < end ? end - *first : 0;
}

size_t payload_btf_count(const struct payload *payload)
{
	return payload->index.head.btf_count;
}

int payload_btf(const struct payload *payload, uint32_t btf, struct buffer *out, struct error *err)
{
	return unpack_btf(payload->unpacker, btf, out, err);
}

static struct known_btf known_btf(const struct payload *payload, uint32_t btf)
{
	struct buffer bytes = { 0 };
	struct error err;

	if (btf >= payload_btf_count(payload))
		return (struct known_btf){ 0 };
	if (payload->btfs[btf].size == 0 && !payload_btf(payload, btf, &bytes, &err))
		payload->btfs[btf] = (struct known_btf){ digest_of(buffer_slice(&bytes)), bytes.size };
	buffer_free(&bytes);
	return payload->btfs[btf];
}

struct digest payload_btf_digest(const struct payload *payload, uint32_t btf)
{
	return known_btf(payload, btf).digest;
}

uint64_t payload_btf_size(const struct payload *payload, uint32_t btf)
{
	return known_btf(payload, btf).size;
}

size_t payload_file_count(const struct payload *payload)
{
	return payload->index.head.file_count;
}

struct payload_file payload_file(const struct payload *payload, size_t i)
{
	return index_file(&payload->index, i);
}

int payload_find_file(const struct payload *payload, enum payload_role role, const char *arch,
		      size_t *index)
{
	bool found = false;
	size_t i;

	for (i = 0; i < payload_file_count(payload); i++) {
		struct payload_file file = payload_file(payload, i);

		if (file.role != role)
			continue;
		if (strcmp(file.arch, arch) == 0) {
			*index = i;
			return 0;
		}
		if (file.arch[0] == '\0' && !found) {
			*index = i;
			found = true;
		}
	}
	return found ? 0 : -ENOENT;
}

int payload_file_read(const struct payload *payload, size_t i, struct buffer *out,
		      struct error *err)
{
	struct content content = index_file_content(&payload->index, i);
	char what[PAYLOAD_MAX_NAME + 8];

	snprintf(what, sizeof(what), "file %s", payload_file(payload, i).name);
	return unpack_content(payload->unpacker, &content, what, out, err);
}

struct slice payload_bytes(const struct payload *payload)
{
	return payload->bytes;
}

static uint64_t stored_size(const struct payload *payload, size_t first, size_t end)
{
	uint64_t size = 0;

	for (; first < end; first++)
		size += index_cluster(&payload->index, first).stored_size;
	return size;
}

struct payload_sizes payload_sizes(const struct payload *payload)
{
	const struct index *index = &payload->index;
	size_t provenance = index_provenance_cluster(index, 0), files = index_file_cluster(index, 0);
	size_t file_clusters = index->head.file_cluster_count;
	struct payload_sizes sizes = {
		.btfs = stored_size(payload, 0, provenance),
		.provenance = stored_size(payload, provenance, files) +
			      index->block_count * (uint64_t)PAYLOAD_CLUSTER_RECORD_SIZE,
		.files = stored_size(payload, files, files + file_clusters) + index->files.size +
			 file_clusters * (uint64_t)PAYLOAD_CLUSTER_RECORD_SIZE,
		.kernels = index->block_records.size + index->blocks.size,
		.names = index->names.size,
		.checksums = ((uint64_t)index->head.group_count + 2) * DIGEST_SIZE,
	};

	sizes.rest = payload->bytes.size - sizes.btfs - sizes.provenance - sizes.files -
		     sizes.kernels - sizes.names - sizes.checksums;
	return sizes;
}

/* That blocks are in order is seen as they are read; here it is the whole key's turn. */
static int verify_kernels(const struct payload *payload, struct error *err)
{
	struct payload_kernel kernel, before;
	size_t i;
	int code;

	for (i = 0; i < payload->index.block_count; i++) {
		code = load_block(payload, i, err);
		if (!code)
			code = load_provenance(payload, i, err);
		if (code)
			return code;
	}
	for (i = 1; i < payload_kernel_count(payload); i++) {
		kernel = payload_kernel(payload, i);
		before = payload_kernel(payload, i - 1);
		if (kernel_compare(&before, &kernel) >= 0)
			return error_set(err, -EBADMSG, "%s: index is damaged: kernel %s is out of order",
					 payload->name, kernel.release);
	}
	return 0;
}

int payload_check_stored(const struct payload *payload, struct error *err)
{
	return unpack_check_stored(payload->unpacker, err);
}

/* Contents in the order in which they are stored, so that each cluster is unpacked once. */
int payload_verify(const struct payload *payload, struct error *err)
{
	struct buffer content = { 0 };
	int code = 0;
	size_t i;

	for (i = 0; i < payload_btf_count(payload) && !code; i++) {
		content.size = 0;
		code = payload_btf(payload, (uint32_t)i, &content, err);
	}
	if (!code)
		code = verify_kernels(payload, err);
	for (i = 0; i < payload_file_count(payload) && !code; i++) {
		content.size = 0;
		code = payload_file_read(payload, i, &content, err);
	}
	buffer_free(&content);
	return code;
}
