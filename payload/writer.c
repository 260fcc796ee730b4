/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Gathering what goes into a payload.  payload/seal.c makes the bytes; nothing here depends on the
 * order in which things arrive but the numbers that callers hold on to.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "payload/index.h"
#include "payload/names.h"
#include "payload/seal.h"

#include "payload/writer.h"

struct payload_writer *payload_writer_new(void)
{
	return calloc(1, sizeof(struct payload_writer));
}

static void kernel_free(struct payload_kernel *kernel)
{
	free((char *)kernel->arch);
	free((char *)kernel->release);
	free((char *)kernel->build);
	free((char *)kernel->distro);
	free((char *)kernel->version_id);
}

static void file_free(struct writer_file *file)
{
	free((char *)file->file.arch);
	free((char *)file->file.name);
	buffer_free(&file->bytes);
}

void payload_writer_free(struct payload_writer *writer)
{
	size_t i;

	if (!writer)
		return;
	for (i = 0; i < writer->btf_count; i++)
		buffer_free(&writer->btfs[i].bytes);
	for (i = 0; i < writer->kernel_count; i++)
		kernel_free(&writer->kernels[i]);
	for (i = 0; i < writer->file_count; i++)
		file_free(&writer->files[i]);
	free(writer->btfs);
	free(writer->kernels);
	free(writer->files);
	free(writer);
}

/* Linear, as the other look-ups here: thousands of short comparisons against hours of reduction. */
static bool find_btf(const struct payload_writer *writer, const struct digest *digest,
		     uint32_t *number)
{
	size_t i;

	for (i = 0; i < writer->btf_count; i++) {
		if (digest_compare(&writer->btfs[i].digest, digest) == 0) {
			*number = (uint32_t)i;
			return true;
		}
	}
	return false;
}

int payload_writer_btf(struct payload_writer *writer, struct slice btf, uint32_t *number,
		       struct error *err)
{
	struct writer_btf added = { .digest = digest_of(btf) };
	int code;

	if (find_btf(writer, &added.digest, number))
		return 0;
	if (btf.size == 0 || btf.size > PAYLOAD_MAX_CONTENT)
		return error_set(err, -EFBIG, "a BTF of %zu bytes: a payload stores 1 to %d", btf.size,
				 PAYLOAD_MAX_CONTENT);
	if (writer->btf_count == PAYLOAD_MAX_BTFS)
		return error_set(err, -E2BIG, "more than %d different BTFs", PAYLOAD_MAX_BTFS);
	code = buffer_append(&added.bytes, btf.data, btf.size);
	if (!code)
		code = array_grow(&writer->btfs, writer->btf_count, &writer->btf_capacity);
	if (code) {
		buffer_free(&added.bytes);
		return error_errno(err, code, "BTF");
	}
	*number = (uint32_t)writer->btf_count;
	writer->btfs[writer->btf_count++] = added;
	return 0;
}

static int check_kernel(const struct payload_writer *writer, const struct payload_kernel *kernel,
			struct error *err)
{
	const struct {
		const char *what, *text;
		bool is_legal;
	} words[] = {
		{ "arch", kernel->arch, name_is_kernel_word(kernel->arch) },
		{ "release", kernel->release, name_is_kernel_word(kernel->release) },
		{ "distribution", kernel->distro,
		  !kernel->distro[0] || name_is_kernel_word(kernel->distro) },
		{ "version id", kernel->version_id,
		  !kernel->version_id[0] || name_is_kernel_word(kernel->version_id) },
		{ "build", kernel->build, name_is_build(kernel->build) },
	};
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (!words[i].is_legal)
			return error_set(err, -EINVAL, "kernel \"%.128s\": its %s \"%.128s\" is too long or has "
					 "characters that are not allowed", kernel->release, words[i].what,
					 words[i].text);
	if (kernel->btf >= writer->btf_count)
		return error_set(err, -EINVAL, "kernel %s: refers to BTF %u, there are %zu",
				 kernel->release, kernel->btf, writer->btf_count);
	if (writer->kernel_count == PAYLOAD_MAX_KERNELS)
		return error_set(err, -E2BIG, "more than %d kernels", PAYLOAD_MAX_KERNELS);
	return 0;
}

/*
 * The same kernel again.  Two full BTFs that reduce to the same one are no contradiction, but then
 * there is no one digest to name; keeping either would let the order of adding show.
 */
static int merge_kernel(struct payload_kernel *old, const struct payload_kernel *kernel,
			struct error *err)
{
	if (old->btf != kernel->btf)
		return error_set(err, -EEXIST, "kernel %s (%s, %s %s): added twice, with different BTFs",
				 kernel->release, kernel->arch, kernel->distro, kernel->version_id);
	if (digest_compare(&old->full_btf, &kernel->full_btf) != 0)
		old->full_btf = (struct digest){ 0 };
	return 0;
}

int payload_writer_kernel(struct payload_writer *writer, const struct payload_kernel *kernel,
			  struct error *err)
{
	struct payload_kernel copy;
	size_t i;
	int code;

	code = check_kernel(writer, kernel, err);
	if (code)
		return code;
	for (i = 0; i < writer->kernel_count; i++)
		if (kernel_compare(&writer->kernels[i], kernel) == 0)
			return merge_kernel(&writer->kernels[i], kernel, err);
	copy = (struct payload_kernel){
		.arch = strdup(kernel->arch),
		.release = strdup(kernel->release),
		.build = strdup(kernel->build),
		.distro = strdup(kernel->distro),
		.version_id = strdup(kernel->version_id),
		.full_btf = kernel->full_btf,
		.btf = kernel->btf,
	};
	if (!copy.arch || !copy.release || !copy.build || !copy.distro || !copy.version_id ||
	    array_grow(&writer->kernels, writer->kernel_count, &writer->kernel_capacity)) {
		kernel_free(&copy);
		return error_errno(err, -ENOMEM, "kernel %s", kernel->release);
	}
	writer->kernels[writer->kernel_count++] = copy;
	return 0;
}

static int check_file(const struct payload_writer *writer, const struct payload_file *file,
		      struct error *err)
{
	size_t i;

	if (!name_is_file(file->name) || (file->arch[0] && !name_is_kernel_word(file->arch)))
		return error_set(err, -EINVAL, "file \"%.128s\": a name in a payload has letters, digits and "
				 "\"._-\" and begins with no dot", file->name);
	if (file->size > PAYLOAD_MAX_CONTENT)
		return error_set(err, -EFBIG, "file %s: has %llu bytes, a payload stores at most %d",
				 file->name, (unsigned long long)file->size, PAYLOAD_MAX_CONTENT);
	if (writer->file_count == PAYLOAD_MAX_FILES)
		return error_set(err, -E2BIG, "more than %d files", PAYLOAD_MAX_FILES);
	for (i = 0; i < writer->file_count; i++)
		if (file_compare(&writer->files[i].file, file) == 0)
			return error_set(err, -EEXIST, "file %s: added twice", file->name);
	return 0;
}

int payload_writer_file(struct payload_writer *writer, enum payload_role role, const char *arch,
			const char *name, struct slice content, struct error *err)
{
	struct writer_file added = { .file = { .role = role, .arch = arch, .name = name } };
	int code;

	added.file.size = content.size;
	code = check_file(writer, &added.file, err);
	if (code)
		return code;
	added.file.arch = strdup(arch);
	added.file.name = strdup(name);
	added.file.digest = digest_of(content);
	if (!added.file.arch || !added.file.name ||
	    buffer_append(&added.bytes, content.data, content.size) ||
	    array_grow(&writer->files, writer->file_count, &writer->file_capacity)) {
		file_free(&added);
		return error_errno(err, -ENOMEM, "file %s", name);
	}
	writer->files[writer->file_count++] = added;
	return 0;
}

int payload_writer_finish(struct payload_writer *writer, const char *app, const char *version,
			  const struct digest *fingerprint, struct buffer *out, struct error *err)
{
	if (!name_is_app(app))
		return error_set(err, -EINVAL, "application name \"%.64s\": must be [a-z][a-z0-9-]*, at most %d "
				 "bytes", app, PAYLOAD_MAX_APP);
	if (!name_is_version(version))
		return error_set(err, -EINVAL, "version \"%.64s\": must be [A-Za-z0-9][A-Za-z0-9.+~-]*, at most "
				 "%d bytes", version, PAYLOAD_MAX_APP);
	return payload_seal(writer, app, version, fingerprint, out, err);
}
