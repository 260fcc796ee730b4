/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <archive.h>
#include <archive_entry.h>
#include <jansson.h>

#include "core/btf.h"
#include "lib/file.h"
#include "payload/format.h"

#include "btfpack/decompress.h"
#include "btfpack/part.h"
#include "btfpack/part_format.h"

static int damaged(struct error *err, const char *what)
{
	return error_set(err, -EBADMSG, "damaged, or no part that build --shard made: %s", what);
}

static bool take_digest(const json_t *object, const char *name, struct digest *out)
{
	const char *hex = json_string_value(json_object_get(object, name));

	return hex && digest_parse(hex, out);
}

/* A number from 0 to max. */
static bool take_number(const json_t *object, const char *name, json_int_t max, uint64_t *out)
{
	const json_t *value = json_object_get(object, name);
	json_int_t number = json_integer_value(value);

	*out = (uint64_t)number;
	return json_is_integer(value) && number >= 0 && number <= max;
}

static bool take_text(const json_t *object, const char *name, const char **out)
{
	const char *text = json_string_value(json_object_get(object, name));

	*out = text ? strdup(text) : NULL;
	return *out;
}

/* Its BTF is read later. */
static int take_class(struct pack *pack, const json_t *object, struct error *err)
{
	const char *states = json_string_value(json_object_get(object, "states"));
	struct pack_class *class;
	size_t i;

	if (!states || array_grow(&pack->classes, pack->class_count, &pack->class_capacity))
		return damaged(err, "no states of a class");
	class = &pack->classes[pack->class_count];
	*class = (struct pack_class){ .answers.count = strlen(states) };
	pack->class_count++;
	class->answers.states = malloc(class->answers.count + 1);
	if (!class->answers.states)
		return error_errno(err, -ENOMEM, "part");
	for (i = 0; i < class->answers.count; i++) {
		class->answers.states[i] = (uint8_t)(states[i] - '0');
		if (states[i] < '0' || class->answers.states[i] > ANSWERED_ERROR)
			return damaged(err, "states of a class");
	}
	if (!take_digest(object, "class", &class->class))
		return damaged(err, "the digest of a class");
	class->answers.class = class->class;
	return 0;
}

static int take_kernel(struct part *part, const json_t *object, struct error *err)
{
	struct btf_archive *archive = &part->archive;
	struct btf_archive_entry *entry;
	struct pack_kernel kernel = { 0 };
	struct error problem = ERROR_NONE;
	uint64_t index, class;
	bool fine;

	if (array_grow(&archive->entries, archive->entry_count, &archive->entry_capacity) ||
	    array_grow(&part->pack.kernels, part->pack.kernel_count, &part->pack.kernel_capacity))
		return error_errno(err, -ENOMEM, "part");
	entry = &archive->entries[archive->entry_count++];
	*entry = (struct btf_archive_entry){ .path = NULL };
	fine = take_text(object, "id", &entry->key.id) &&
	       take_text(object, "version_id", &entry->key.version_id) &&
	       take_text(object, "arch", &entry->key.arch) &&
	       take_text(object, "release", &entry->key.release) &&
	       btf_archive_key_valid(&entry->key, &problem);
	take_text(object, "build", &entry->build);
	if (!fine || !take_digest(object, "full_btf", &kernel.full_btf) ||
	    !take_number(object, "index", (json_int_t)part->listed - 1, &index) ||
	    !take_number(object, "class", (json_int_t)part->pack.class_count - 1, &class) ||
	    !shard_has(&part->shard, index))
		return damaged(err, "a kernel");
	entry->order = index;
	kernel.class = class;
	part->pack.classes[class].kernels++;
	part->pack.kernels[part->pack.kernel_count++] = kernel;
	return 0;
}

static int take_lists(struct part *part, const json_t *index, struct error *err)
{
	const json_t *classes = json_object_get(index, "classes");
	const json_t *kernels = json_object_get(index, "kernels");
	int code = 0;
	size_t i;

	for (i = 0; i < json_array_size(classes) && !code; i++)
		code = take_class(&part->pack, json_array_get(classes, i), err);
	for (i = 0; i < json_array_size(kernels) && !code; i++)
		code = take_kernel(part, json_array_get(kernels, i), err);
	/* Only now do the entries stay where they are. */
	for (i = 0; i < part->pack.kernel_count; i++)
		part->pack.kernels[i].entry = &part->archive.entries[i];
	return code;
}

static int take_index(struct part *part, const json_t *index, struct error *err)
{
	json_int_t schema = json_integer_value(json_object_get(index, "schema"));
	uint64_t number, count, listed, skipped;

	if (schema > PART_SCHEMA)
		return error_set(err, -ENOTSUP, "a part of schema %lld, which is newer than this program",
				 (long long)schema);
	if (schema != PART_SCHEMA || !take_number(index, "shard", UINT16_MAX * 2, &number) ||
	    !take_number(index, "shards", UINT16_MAX * 2, &count) || number < 1 || number > count ||
	    !take_number(index, "listed", PAYLOAD_MAX_KERNELS, &listed) ||
	    !take_number(index, "skipped", PAYLOAD_MAX_KERNELS, &skipped) ||
	    !take_number(index, "full_bytes", INT64_MAX, &part->pack.full_bytes) ||
	    !take_number(index, "reduced_bytes", INT64_MAX, &part->pack.reduced_bytes) ||
	    !take_digest(index, "listing", &part->listing) ||
	    !take_digest(index, "fingerprint", &part->fingerprint))
		return damaged(err, "its index");
	part->shard = (struct shard){ .number = (unsigned)number, .count = (unsigned)count };
	part->listed = listed;
	part->pack.skipped = skipped;
	return take_lists(part, index, err);
}

/* Goes to the next member and reads it; its name is the caller's to judge. */
static int read_member(struct archive *tar, size_t max_size, char name[static PART_NAME_SIZE],
		       struct buffer *out, struct error *err)
{
	struct archive_entry *entry;
	int status = archive_read_next_header(tar, &entry);

	if (status == ARCHIVE_EOF)
		return damaged(err, "it ends early");
	if (status < ARCHIVE_WARN)
		return decompress_failed(tar, err);
	snprintf(name, PART_NAME_SIZE, "%s",
		 archive_entry_pathname(entry) ? archive_entry_pathname(entry) : "");
	return decompress_entry(tar, max_size, out, err);
}

/* True when name is format with the digest of content in it. */
static bool is_named(const char *name, const char *before, const char *behind, struct slice content)
{
	char hex[DIGEST_HEX_SIZE], wanted[PART_NAME_SIZE];
	struct digest digest = digest_of(content);

	snprintf(wanted, sizeof(wanted), "%s%s%s", before, digest_hex(&digest, hex), behind);
	return strcmp(name, wanted) == 0;
}

static int read_index(struct archive *tar, struct part *part, struct digest *application,
		      struct error *err)
{
	char name[PART_NAME_SIZE];
	struct buffer text = { 0 };
	json_error_t problem;
	json_t *index = NULL;
	int code;

	code = read_member(tar, PART_MAX_INDEX, name, &text, err);
	if (!code && !is_named(name, "part-", ".json", buffer_slice(&text)))
		code = damaged(err, "its index is not what its name says");
	if (!code) {
		index = json_loadb((const char *)text.data, text.size, 0, &problem);
		code = index ? take_index(part, index, err) : damaged(err, problem.text);
	}
	if (!code && !take_digest(index, "application", application))
		code = damaged(err, "its index");
	json_decref(index);
	buffer_free(&text);
	return code;
}

static int read_members(struct archive *tar, struct part *part, struct error *err)
{
	char name[PART_NAME_SIZE];
	struct digest wanted, found;
	size_t i;
	int code;

	code = read_index(tar, part, &wanted, err);
	if (!code)
		code = read_member(tar, PAYLOAD_MAX_SIZE, name, &part->application, err);
	if (code)
		return code;
	found = digest_of(buffer_slice(&part->application));
	if (strcmp(name, PART_APPLICATION_NAME) != 0 || digest_compare(&found, &wanted) != 0)
		return damaged(err, PART_APPLICATION_NAME);
	for (i = 0; i < part->pack.class_count; i++) {
		struct buffer *btf = &part->pack.classes[i].btf;

		code = read_member(tar, BTF_MAX_SIZE, name, btf, err);
		if (!code && !is_named(name, "btf/", "", buffer_slice(btf)))
			code = damaged(err, "a BTF is not what its name says");
		if (code)
			return code;
	}
	return 0;
}

int part_read(const char *path, struct part *out, struct error *err)
{
	struct archive *tar;
	struct file_map map;
	int code;

	*out = (struct part){ .listed = 0 };
	code = file_map(AT_FDCWD, path, &map, err);
	if (code)
		return code;
	tar = decompress_reader();
	if (!tar)
		code = error_errno(err, -ENOMEM, "libarchive");
	if (!code) {
		archive_read_support_format_tar(tar);
		code = archive_read_open_memory(tar, map.bytes.data, map.bytes.size) < ARCHIVE_WARN
			       ? damaged(err, "not a tar file")
			       : read_members(tar, out, err);
	}
	archive_read_free(tar);
	file_unmap(&map);
	return code ? error_wrap(err, "%s", path) : 0;
}

void part_free(struct part *part)
{
	pack_free(&part->pack);
	btf_archive_free(&part->archive);
	buffer_free(&part->application);
	*part = (struct part){ .listed = 0 };
}
