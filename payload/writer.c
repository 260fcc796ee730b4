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
	buffer_free(&file->copy);
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
	lookup_free(&writer->by_digest);
	lookup_free(&writer->by_key);
	free(writer);
}

static bool has_digest(const void *items, size_t place, const void *digest)
{
	const struct writer_btf *btfs = items;

	return digest_compare(&btfs[place].digest, digest) == 0;
}

static bool is_kernel(const void *items, size_t place, const void *kernel)
{
	const struct payload_kernel *kernels = items;

	return kernel_compare(&kernels[place], kernel) == 0;
}

int payload_writer_btf(struct payload_writer *writer, struct slice btf, uint32_t *number,
		       struct error *err)
{
	struct writer_btf added = { .digest = digest_of(btf) };
	uint64_t hash = load_le64(added.digest.bytes);
	ptrdiff_t found = lookup_find(&writer->by_digest, hash, has_digest, writer->btfs, &added.digest);
	int code;

	if (found >= 0) {
		*number = (uint32_t)found;
		return 0;
	}
	if (btf.size == 0 || btf.size > PAYLOAD_MAX_CONTENT)
		return error_set(err, -EFBIG, "a BTF of %zu bytes: a payload stores 1 to %d", btf.size,
				 PAYLOAD_MAX_CONTENT);
	if (writer->btf_count == PAYLOAD_MAX_BTFS)
		return error_set(err, -E2BIG, "more than %d different BTFs", PAYLOAD_MAX_BTFS);
	code = buffer_append(&added.bytes, btf.data, btf.size);
	if (!code)
		code = array_grow(&writer->btfs, writer->btf_count, &writer->btf_capacity);
	if (!code)
		code = lookup_add(&writer->by_digest, hash, writer->btf_count);
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

static uint64_t hash_kernel(const struct payload_kernel *kernel)
{
	const char *words[] = {
		kernel->arch, kernel->release, kernel->build, kernel->distro, kernel->version_id,
	};
	uint64_t hash = 0;
	size_t i;

	/* with the NUL, so that words do not run into each other */
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		hash = lookup_hash(hash, words[i], strlen(words[i]) + 1);
	return hash;
}

int payload_writer_kernel(struct payload_writer *writer, const struct payload_kernel *kernel,
			  struct error *err)
{
	struct payload_kernel copy;
	ptrdiff_t found;
	uint64_t hash;
	int code;

	code = check_kernel(writer, kernel, err);
	if (code)
		return code;
	hash = hash_kernel(kernel);
	found = lookup_find(&writer->by_key, hash, is_kernel, writer->kernels, kernel);
	if (found >= 0)
		return merge_kernel(&writer->kernels[found], kernel, err);
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
	    array_grow(&writer->kernels, writer->kernel_count, &writer->kernel_capacity) ||
	    lookup_add(&writer->by_key, hash, writer->kernel_count)) {
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

static int add_file(struct payload_writer *writer, struct writer_file *added, bool is_copied,
		    struct error *err)
{
	const char *name = added->file.name;
	int code = check_file(writer, &added->file, err);

	if (code)
		return code;
	added->file.arch = strdup(added->file.arch);
	added->file.name = strdup(name);
	added->file.digest = digest_of(added->content);
	if (is_copied)
		code = buffer_append(&added->copy, added->content.data, added->content.size);
	if (code || !added->file.arch || !added->file.name ||
	    array_grow(&writer->files, writer->file_count, &writer->file_capacity)) {
		file_free(added);
		return error_errno(err, -ENOMEM, "file %s", name);
	}
	if (is_copied)
		added->content = buffer_slice(&added->copy);
	writer->files[writer->file_count++] = *added;
	return 0;
}

int payload_writer_file(struct payload_writer *writer, enum payload_role role, const char *arch,
			const char *name, struct slice content, struct error *err)
{
	struct writer_file added = {
		.file = { .role = role, .arch = arch, .name = name, .size = content.size },
		.content = content,
	};

	return add_file(writer, &added, true, err);
}

int payload_writer_file_borrow(struct payload_writer *writer, enum payload_role role,
			       const char *arch, const char *name, struct slice content,
			       struct error *err)
{
	struct writer_file added = {
		.file = { .role = role, .arch = arch, .name = name, .size = content.size },
		.content = content,
	};

	return add_file(writer, &added, false, err);
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
