/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <archive.h>
#include <archive_entry.h>
#include <jansson.h>

#include "lib/file.h"

#include "btfpack/part.h"
#include "btfpack/part_format.h"

bool shard_parse(const char *text, struct shard *out)
{
	int used = 0;

	/* sscanf() would take a sign. */
	if (strspn(text, "0123456789/") != strlen(text))
		return false;
	return sscanf(text, "%5u/%5u%n", &out->number, &out->count, &used) == 2 && text[used] == '\0' &&
	       out->number >= 1 && out->number <= out->count;
}

bool shard_has(const struct shard *shard, size_t index)
{
	return index % shard->count == shard->number - 1;
}

/* Parts of one build have one list of kernels: what would differ in the result, with its ends. */
static struct digest digest_listing(const struct btf_archive *archive)
{
	struct digest_state state;
	size_t i, k;

	digest_init(&state);
	for (i = 0; i < archive->entry_count; i++) {
		const struct btf_archive_entry *entry = &archive->entries[i];
		const char *const fields[] = {
			entry->key.id, entry->key.version_id, entry->key.arch, entry->key.release,
			entry->build ? entry->build : "",
		};

		for (k = 0; k < sizeof(fields) / sizeof(fields[0]); k++)
			digest_update(&state, fields[k], strlen(fields[k]) + 1);
	}
	return digest_final(&state);
}

static json_t *describe_class(const struct pack_class *class)
{
	char hex[DIGEST_HEX_SIZE], btf_hex[DIGEST_HEX_SIZE];
	struct digest btf = digest_of(buffer_slice(&class->btf));
	char *states = malloc(class->answers.count + 1);
	json_t *out;
	size_t i;

	if (!states)
		return NULL;
	for (i = 0; i < class->answers.count; i++)
		states[i] = (char)('0' + class->answers.states[i]);
	states[i] = '\0';
	out = json_pack("{s:s, s:s, s:s}", "class", digest_hex(&class->class, hex), "btf",
			digest_hex(&btf, btf_hex), "states", states);
	free(states);
	return out;
}

static json_t *describe_kernel(const struct pack_kernel *kernel, size_t index)
{
	const struct btf_archive_entry *entry = kernel->entry;
	char hex[DIGEST_HEX_SIZE];

	return json_pack("{s:I, s:s, s:s, s:s, s:s, s:s*, s:s, s:I}", "index", (json_int_t)index, "id",
			 entry->key.id, "version_id", entry->key.version_id, "arch", entry->key.arch,
			 "release", entry->key.release, "build", entry->build, "full_btf",
			 digest_hex(&kernel->full_btf, hex), "class", (json_int_t)kernel->class);
}

static json_t *describe(const struct shard *shard, const struct digest *fingerprint,
			const struct digest *application, const struct btf_archive *archive,
			const struct pack *pack)
{
	char listing_hex[DIGEST_HEX_SIZE], print_hex[DIGEST_HEX_SIZE], hex[DIGEST_HEX_SIZE];
	struct digest listing = digest_listing(archive);
	json_t *classes = json_array(), *kernels = json_array();
	int failed = 0;
	size_t i;

	for (i = 0; i < pack->class_count; i++)
		failed |= json_array_append_new(classes, describe_class(&pack->classes[i]));
	for (i = 0; i < pack->kernel_count; i++)
		failed |= json_array_append_new(
			kernels, describe_kernel(&pack->kernels[i],
						 (size_t)(pack->kernels[i].entry - archive->entries)));
	if (failed) {
		json_decref(classes);
		json_decref(kernels);
		return NULL;
	}
	return json_pack("{s:i, s:i, s:i, s:I, s:s, s:s, s:s, s:I, s:I, s:I, s:o, s:o}", "schema",
			 PART_SCHEMA, "shard", (int)shard->number, "shards", (int)shard->count, "listed",
			 (json_int_t)archive->entry_count, "listing", digest_hex(&listing, listing_hex),
			 "fingerprint", digest_hex(fingerprint, print_hex), "application",
			 digest_hex(application, hex), "skipped", (json_int_t)pack->skipped, "full_bytes",
			 (json_int_t)pack->full_bytes, "reduced_bytes", (json_int_t)pack->reduced_bytes,
			 "classes", classes, "kernels", kernels);
}

static la_ssize_t append_output(struct archive *writer, void *out, const void *data, size_t size)
{
	if (buffer_append(out, data, size) == 0)
		return (la_ssize_t)size;
	archive_set_error(writer, ENOMEM, "out of memory");
	return -1;
}

static int add_member(struct archive *tar, const char *name, struct slice content,
		      struct error *err)
{
	struct archive_entry *entry = archive_entry_new();
	bool fine;

	if (!entry)
		return error_errno(err, -ENOMEM, "part");
	archive_entry_set_pathname(entry, name);
	archive_entry_set_filetype(entry, AE_IFREG);
	archive_entry_set_perm(entry, 0644);
	archive_entry_set_size(entry, (la_int64_t)content.size);
	fine = archive_write_header(tar, entry) == ARCHIVE_OK &&
	       archive_write_data(tar, content.data, content.size) == (la_ssize_t)content.size;
	archive_entry_free(entry);
	return fine ? 0 : error_set(err, -EIO, "part: %s: %s", name, archive_error_string(tar));
}

static int add_members(struct archive *tar, struct slice index, struct slice application,
		       const struct pack *pack, struct error *err)
{
	char name[PART_NAME_SIZE], hex[DIGEST_HEX_SIZE];
	struct digest digest = digest_of(index);
	size_t i;
	int code;

	snprintf(name, sizeof(name), PART_INDEX_NAME, digest_hex(&digest, hex));
	code = add_member(tar, name, index, err);
	if (!code)
		code = add_member(tar, PART_APPLICATION_NAME, application, err);
	for (i = 0; i < pack->class_count && !code; i++) {
		struct slice btf = buffer_slice(&pack->classes[i].btf);

		digest = digest_of(btf);
		snprintf(name, sizeof(name), PART_BTF_NAME, digest_hex(&digest, hex));
		code = add_member(tar, name, btf, err);
	}
	return code;
}

static int write_tar(struct slice index, struct slice application, const struct pack *pack,
		     struct buffer *out, struct error *err)
{
	struct archive *tar = archive_write_new();
	int code = 0;

	if (!tar)
		return error_errno(err, -ENOMEM, "part");
	if (archive_write_set_format_ustar(tar) != ARCHIVE_OK ||
	    archive_write_add_filter_zstd(tar) != ARCHIVE_OK ||
	    archive_write_set_bytes_in_last_block(tar, 1) != ARCHIVE_OK ||
	    archive_write_open(tar, out, NULL, append_output, NULL) != ARCHIVE_OK)
		code = error_set(err, -EIO, "part: %s", archive_error_string(tar));
	if (!code)
		code = add_members(tar, index, application, pack, err);
	if (!code && archive_write_close(tar) != ARCHIVE_OK)
		code = error_set(err, -EIO, "part: %s", archive_error_string(tar));
	archive_write_free(tar);
	return code;
}

/* The application as a payload that has no kernels yet. */
static int seal_application(const struct application *application, const struct digest *fingerprint,
			    struct buffer *out, struct error *err)
{
	struct payload_writer *writer = payload_writer_new();
	int code;

	if (!writer)
		return error_errno(err, -ENOMEM, "payload");
	code = application_write(application, writer, err);
	if (!code)
		code = payload_writer_finish(writer, application->manifest.name,
					     application->manifest.version, fingerprint, out, err);
	payload_writer_free(writer);
	return code;
}

int part_write(const char *path, const struct shard *shard, const struct application *application,
	       const struct btf_archive *archive, const struct pack *pack, struct error *err)
{
	struct digest fingerprint = reloset_fingerprint(application->objects.relos);
	struct buffer sealed = { 0 }, tar = { 0 };
	struct digest digest;
	json_t *index = NULL;
	char *text = NULL;
	int code;

	code = seal_application(application, &fingerprint, &sealed, err);
	digest = digest_of(buffer_slice(&sealed));
	if (!code) {
		index = describe(shard, &fingerprint, &digest, archive, pack);
		text = index ? json_dumps(index, JSON_INDENT(1)) : NULL;
		code = text ? 0 : error_errno(err, -ENOMEM, "%s", path);
	}
	if (!code)
		code = write_tar(slice_of(text, strlen(text)), buffer_slice(&sealed), pack, &tar, err);
	if (!code)
		code = file_publish(AT_FDCWD, path, buffer_slice(&tar), 0644, err);
	free(text);
	json_decref(index);
	buffer_free(&tar);
	buffer_free(&sealed);
	return code;
}
