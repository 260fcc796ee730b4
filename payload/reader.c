/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/file.h"
#include "payload/section.h"
#include "payload/unpack.h"

#include "payload/reader.h"

struct payload {
	struct slice bytes;
	struct file_map map;         /* empty when the bytes are somebody else's */
	char *name;                  /* for messages */
	struct index index;
	struct unpacker *unpacker;   /* what a read changes, behind a pointer that const leaves alone */
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
	if (!payload)
		return;
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
		code = section_find(bytes, payload->name, &bytes, err);
		if (code)
			return code;
	}
	code = header_decode(bytes, payload->name, &header, err);
	if (!code)
		code = index_open(bytes, &header, payload->name, &payload->index, err);
	if (code)
		return code;
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

struct payload_kernel payload_kernel(const struct payload *payload, size_t i)
{
	return index_kernel(&payload->index, i);
}

static int compare_release(const struct payload_kernel *kernel, const char *arch,
			   const char *release)
{
	int order = strcmp(kernel->arch, arch);

	return order ? order : strcmp(kernel->release, release);
}

/* The number of the first kernel that is not below (arch, release), or above it if `above`. */
static size_t kernel_bound(const struct payload *payload, const char *arch, const char *release,
			   bool above)
{
	size_t low = 0, high = payload_kernel_count(payload);

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		struct payload_kernel kernel = payload_kernel(payload, middle);
		int order = compare_release(&kernel, arch, release);

		if (order < 0 || (above && order == 0))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

size_t payload_find(const struct payload *payload, const char *arch, const char *release,
		    size_t *first)
{
	*first = kernel_bound(payload, arch, release, false);
	return kernel_bound(payload, arch, release, true) - *first;
}

size_t payload_btf_count(const struct payload *payload)
{
	return payload->index.head.btf_count;
}

struct digest payload_btf_digest(const struct payload *payload, uint32_t btf)
{
	return index_btf(&payload->index, btf).digest;
}

uint64_t payload_btf_size(const struct payload *payload, uint32_t btf)
{
	return index_btf(&payload->index, btf).size;
}

int payload_btf(const struct payload *payload, uint32_t btf, struct buffer *out, struct error *err)
{
	struct content content = index_btf(&payload->index, btf);
	char what[32];

	snprintf(what, sizeof(what), "BTF %u", btf);
	return unpack_content(payload->unpacker, &content, what, out, err);
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

/* Contents in the order of the stream, so that each cluster is unpacked once. */
int payload_verify(const struct payload *payload, struct error *err)
{
	struct buffer content = { 0 };
	int code = 0;
	size_t i;

	for (i = 0; i < payload_btf_count(payload) && !code; i++) {
		content.size = 0;
		code = payload_btf(payload, (uint32_t)i, &content, err);
	}
	for (i = 0; i < payload_file_count(payload) && !code; i++) {
		content.size = 0;
		code = payload_file_read(payload, i, &content, err);
	}
	buffer_free(&content);
	return code;
}
