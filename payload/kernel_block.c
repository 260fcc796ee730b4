/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>

#include "payload/names.h"
#include "payload/varint.h"

#include "payload/kernel_block.h"

/* Arch, distribution and version id: few different ones. */
struct origin {
	const char *arch, *distro, *version_id;
};

int kernel_compare_key(const struct payload_kernel *kernel, const char *arch, const char *release)
{
	int order = strcmp(kernel->arch, arch);

	return order ? order : strcmp(kernel->release, release);
}

static int put_text(struct buffer *out, const char *text)
{
	return buffer_append(out, text, strlen(text) + 1);
}

static bool has_origin(const struct payload_kernel *kernel, const struct payload_kernel *other)
{
	return strcmp(kernel->arch, other->arch) == 0 && strcmp(kernel->distro, other->distro) == 0 &&
	       strcmp(kernel->version_id, other->version_id) == 0;
}

/* Numbers origins in the order of their first kernels; firsts[i] has origin i. */
static uint32_t number_origins(const struct payload_kernel *kernels, size_t count,
			       uint32_t numbers[static PAYLOAD_BLOCK_KERNELS],
			       uint32_t firsts[static PAYLOAD_BLOCK_KERNELS])
{
	uint32_t origins = 0, i, o;

	for (i = 0; i < count; i++) {
		for (o = 0; o < origins && !has_origin(&kernels[i], &kernels[firsts[o]]); o++)
			;
		if (o == origins)
			firsts[origins++] = i;
		numbers[i] = o;
	}
	return origins;
}

int kernel_block_pack(const struct payload_kernel *kernels, size_t count, const uint32_t *final,
		      struct buffer *out)
{
	uint32_t numbers[PAYLOAD_BLOCK_KERNELS], firsts[PAYLOAD_BLOCK_KERNELS], origins;
	uint64_t btf = 0;
	size_t i;
	int code;

	origins = number_origins(kernels, count, numbers, firsts);
	code = write_varint(out, origins);
	for (i = 0; i < origins && !code; i++) {
		const struct payload_kernel *kernel = &kernels[firsts[i]];

		code = put_text(out, kernel->arch);
		if (!code)
			code = put_text(out, kernel->distro);
		if (!code)
			code = put_text(out, kernel->version_id);
	}
	for (i = 0; i < count && !code; i++)
		code = put_text(out, kernels[i].release);
	for (i = 0; i < count && !code; i++)
		code = write_varint(out, numbers[i]);
	for (i = 0; i < count && !code; i++) {
		code = write_varint(out, zigzag(final[kernels[i].btf] - btf));
		btf = final[kernels[i].btf];
	}
	return code;
}

int provenance_pack(const struct payload_kernel *kernels, size_t count, struct stream *out)
{
	struct buffer digests = { 0 }, builds = { 0 };
	int code = 0;
	size_t i;

	for (i = 0; i < count && !code; i++) {
		code = buffer_append(&digests, kernels[i].full_btf.bytes, DIGEST_SIZE);
		if (!code)
			code = put_text(&builds, kernels[i].build);
	}
	if (!code) {
		struct slice pieces[] = { buffer_slice(&digests), buffer_slice(&builds) };

		code = stream_add(out, pieces, 2);
	}
	buffer_free(&digests);
	buffer_free(&builds);
	return code;
}

/* A string with its NUL; NULL when it is not all there. */
static const char *read_text(struct cursor *in)
{
	const char *text = (const char *)in->at;
	const uint8_t *end = cursor_left(in) ? memchr(in->at, '\0', cursor_left(in)) : NULL;

	if (!end) {
		in->is_bad = true;
		in->at = in->end;
		return NULL;
	}
	in->at = end + 1;
	return text;
}

static bool read_word(struct cursor *in, bool may_be_empty, const char **out)
{
	*out = read_text(in);
	return *out && (**out ? name_is_kernel_word(*out) : may_be_empty);
}

static bool read_origins(struct cursor *in, struct origin *origins, uint32_t *count)
{
	uint32_t i;

	*count = (uint32_t)read_varint_up_to(in, PAYLOAD_BLOCK_KERNELS);
	for (i = 0; i < *count; i++)
		if (!read_word(in, false, &origins[i].arch) ||
		    !read_word(in, true, &origins[i].distro) ||
		    !read_word(in, true, &origins[i].version_id))
			return false;
	return true;
}

static bool read_kernels(struct cursor *in, uint32_t btf_count, struct kernel_block *block)
{
	struct origin origins[PAYLOAD_BLOCK_KERNELS];
	uint32_t origin_count, i;
	uint64_t btf = 0, number;

	if (!read_origins(in, origins, &origin_count))
		return false;
	for (i = 0; i < block->count; i++)
		if (!read_word(in, false, &block->kernels[i].release))
			return false;
	for (i = 0; i < block->count; i++) {
		number = read_varint(in);
		if (number >= origin_count)
			return false;
		block->kernels[i].arch = origins[number].arch;
		block->kernels[i].distro = origins[number].distro;
		block->kernels[i].version_id = origins[number].version_id;
		block->kernels[i].build = "";
	}
	for (i = 0; i < block->count; i++) {
		btf += unzigzag(read_varint(in));
		if (btf >= btf_count)
			return false;
		block->kernels[i].btf = (uint32_t)btf;
	}
	return !in->is_bad && cursor_left(in) == 0;
}

static bool is_in_order(const struct kernel_block *block)
{
	uint32_t i;

	for (i = 1; i < block->count; i++)
		if (kernel_compare_key(&block->kernels[i - 1], block->kernels[i].arch,
				       block->kernels[i].release) > 0)
			return false;
	return true;
}

int kernel_block_open(struct buffer *unpacked, uint32_t count, uint32_t btf_count,
		      struct kernel_block *out)
{
	struct cursor in;

	*out = (struct kernel_block){ .count = count, .names = *unpacked };
	*unpacked = (struct buffer){ 0 };
	out->kernels = calloc((size_t)count + 1, sizeof(*out->kernels));
	if (!out->kernels)
		return -ENOMEM;
	in = cursor_of(buffer_slice(&out->names));
	return read_kernels(&in, btf_count, out) && is_in_order(out) ? 0 : -EBADMSG;
}

static bool read_provenance(struct cursor *in, struct kernel_block *block)
{
	uint32_t i;

	for (i = 0; i < block->count; i++) {
		struct slice digest = read_bytes(in, DIGEST_SIZE);

		if (!in->is_bad)
			memcpy(block->kernels[i].full_btf.bytes, digest.data, DIGEST_SIZE);
	}
	for (i = 0; i < block->count; i++) {
		const char *build = read_text(in);

		if (!build || !name_is_build(build))
			return false;
		block->kernels[i].build = build;
	}
	return cursor_left(in) == 0;
}

int kernel_block_add_provenance(struct kernel_block *block, struct buffer *unpacked)
{
	struct cursor in;
	uint32_t i;

	block->provenance = *unpacked;
	*unpacked = (struct buffer){ 0 };
	in = cursor_of(buffer_slice(&block->provenance));
	if (read_provenance(&in, block))
		return 0;
	for (i = 0; i < block->count; i++) {
		block->kernels[i].full_btf = (struct digest){ 0 };
		block->kernels[i].build = "";
	}
	buffer_free(&block->provenance);
	return -EBADMSG;
}

void kernel_block_free(struct kernel_block *block)
{
	free(block->kernels);
	buffer_free(&block->names);
	buffer_free(&block->provenance);
	*block = (struct kernel_block){ 0 };
}
