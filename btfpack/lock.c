/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "lib/console.h"
#include "lib/file.h"

#include "btfpack/layout.h"
#include "btfpack/lock.h"

enum { LOCK_SCHEMA = 1, LOCK_MAX_SIZE = 256 * 1024 * 1024 };

static int digest_entry(const struct btf_archive_entry *entry, struct digest *out,
			struct error *err)
{
	struct btf_archive_reading reading = { 0 };
	int code = 0;

	*out = entry->sha256;
	if (digest_is_zero(out)) {
		code = btf_archive_read(entry, true, &reading, err);
		*out = reading.sha256;
	}
	btf_archive_reading_free(&reading);
	return code;
}

static int add_kernel(json_t *kernels, const struct btf_archive_entry *entry, struct error *err)
{
	char hex[DIGEST_HEX_SIZE];
	struct digest digest;
	int code = digest_entry(entry, &digest, err);

	if (code)
		return code;
	/* s* leaves a member out when its text is NULL. */
	if (json_array_append_new(kernels,
				  json_pack("{s:s, s:s, s:s, s:s, s:s, s:s*, s:s*}", "id", entry->key.id,
					    "version_id", entry->key.version_id, "arch", entry->key.arch,
					    "release", entry->key.release, "sha256",
					    digest_hex(&digest, hex), "build", entry->build, "source",
					    entry->source)))
		return error_errno(err, -ENOMEM, "lock file");
	return 0;
}

static int append(const char *text, size_t size, void *out)
{
	return buffer_append(out, text, size) ? -1 : 0;
}

int lock_write(const char *path, const struct btf_archive *archive, struct error *err)
{
	json_t *kernels = json_array(), *document;
	struct buffer text = { 0 };
	int code = 0;
	size_t i;

	for (i = 0; i < archive->entry_count && !code; i++)
		code = add_kernel(kernels, &archive->entries[i], err);
	document = json_pack("{s:i, s:o}", "schema", LOCK_SCHEMA, "kernels", kernels);
	if (!code && (!document || json_dump_callback(document, append, &text, JSON_INDENT(1)) ||
		      buffer_append(&text, "\n", 1)))
		code = error_errno(err, -ENOMEM, "%s", path);
	if (!code)
		code = file_publish(AT_FDCWD, path, buffer_slice(&text), 0644, err);
	json_decref(document);
	buffer_free(&text);
	return code;
}

/* Copies a text; absent is NULL. */
static int take_text(const json_t *kernel, const char *name, const char **out)
{
	const char *text = json_string_value(json_object_get(kernel, name));

	*out = text ? strdup(text) : NULL;
	return text && !*out ? -ENOMEM : 0;
}

static int take_kernel(struct btf_archive *lock, json_t *kernel, const char *path,
		       struct error *err)
{
	const char *sha256 = json_string_value(json_object_get(kernel, "sha256"));
	struct btf_archive_entry *entry;
	struct error problem = ERROR_NONE;

	if (array_grow(&lock->entries, lock->entry_count, &lock->entry_capacity))
		return error_errno(err, -ENOMEM, "%s", path);
	entry = &lock->entries[lock->entry_count];
	*entry = (struct btf_archive_entry){ .order = lock->entry_count };
	lock->entry_count++;
	if (take_text(kernel, "id", &entry->key.id) ||
	    take_text(kernel, "version_id", &entry->key.version_id) ||
	    take_text(kernel, "arch", &entry->key.arch) ||
	    take_text(kernel, "release", &entry->key.release) ||
	    take_text(kernel, "build", &entry->build) || take_text(kernel, "source", &entry->source))
		return error_errno(err, -ENOMEM, "%s", path);
	if (!btf_archive_key_valid(&entry->key, &problem))
		return error_set(err, -EBADMSG, "%s: kernel %zu: %s", path, entry->order + 1, problem.text);
	if (!sha256 || !digest_parse(sha256, &entry->sha256))
		return error_set(err, -EBADMSG, "%s: kernel %zu (%s): no sha256", path, entry->order + 1,
				 entry->key.release);
	return 0;
}

static int by_key(const void *a, const void *b)
{
	const struct btf_archive_entry *left = a, *right = b;

	return btf_archive_key_compare(&left->key, &right->key);
}

static int decode(const json_t *document, const char *path, struct btf_archive *lock,
		  struct error *err)
{
	json_int_t schema = json_integer_value(json_object_get(document, "schema"));
	const json_t *kernels = json_object_get(document, "kernels");
	int code = 0;
	size_t i;

	if (schema > LOCK_SCHEMA)
		return error_set(err, -ENOTSUP, "%s: schema %lld is newer than this program", path,
				 (long long)schema);
	if (schema != LOCK_SCHEMA || !json_is_array(kernels))
		return error_set(err, -EBADMSG, "%s: is no lock file of an archive", path);
	for (i = 0; i < json_array_size(kernels) && !code; i++)
		code = take_kernel(lock, json_array_get(kernels, i), path, err);
	if (lock->entry_count)
		qsort(lock->entries, lock->entry_count, sizeof(*lock->entries), by_key);
	return code;
}

int lock_read(const char *path, struct btf_archive *lock, struct error *err)
{
	struct buffer text = { 0 };
	json_error_t problem;
	json_t *document;
	int code;

	*lock = (struct btf_archive){ 0 };
	code = file_read(AT_FDCWD, path, LOCK_MAX_SIZE, &text, err);
	if (code)
		return code;
	document = json_loadb((const char *)text.data, text.size, 0, &problem);
	buffer_free(&text);
	if (!document)
		return error_set(err, -EBADMSG, "%s: line %d: %s", path, problem.line, problem.text);
	code = decode(document, path, lock, err);
	json_decref(document);
	return code;
}

static void say(const char *name, const char *what, const struct btf_archive_key *key,
		const char *why)
{
	console_error("build: %s: %s: %s/%s/%s/%s%s%s", name, what, key->id, key->version_id, key->arch,
		      key->release, *why ? ": " : "", why);
}

static bool same_text(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "") == 0;
}

/* True, and said, when what is there is not what was locked. */
static bool differs(const char *name, const struct btf_archive_entry *locked,
		    const struct digest *sha256, const char *build)
{
	char text[2 * DIGEST_HEX_SIZE + 64], hex[DIGEST_HEX_SIZE], locked_hex[DIGEST_HEX_SIZE];

	if (!digest_is_zero(sha256) && digest_compare(sha256, &locked->sha256) != 0)
		snprintf(text, sizeof(text), "its sha256 is %s, locked is %s", digest_hex(sha256, hex),
			 digest_hex(&locked->sha256, locked_hex));
	else if (!same_text(build, locked->build))
		snprintf(text, sizeof(text), "its build is '%.64s', locked is '%.64s'", build ? build : "",
			 locked->build ? locked->build : "");
	else
		return false;
	say(name, "changed", &locked->key, text);
	return true;
}

int lock_check_archive(const struct btf_archive *lock, const char *name,
		       const struct btf_archive *archive, struct error *err)
{
	size_t i = 0, k = 0, missing = 0, added = 0, changed = 0;

	while (i < lock->entry_count || k < archive->entry_count) {
		const struct btf_archive_entry *locked = &lock->entries[i], *there = &archive->entries[k];
		int order = i == lock->entry_count    ? 1
			    : k == archive->entry_count ? -1
							: by_key(locked, there);

		if (order < 0) {
			say(name, "missing", &locked->key, locked->source ? locked->source : "");
			missing++;
		} else if (order > 0) {
			say(name, "not locked", &there->key, there->path);
			added++;
		} else {
			changed += differs(name, locked, &there->sha256, there->build);
		}
		i += order <= 0;
		k += order >= 0;
	}
	if (!missing && !added && !changed)
		return 0;
	return error_set(err, -EBADMSG, "%s: the archives are not as locked: %zu missing, %zu not locked, "
			 "%zu changed; `btfpack import --lock` locks what is there", name, missing, added,
			 changed);
}

int lock_check_pack(const struct btf_archive *lock, const char *name, const struct pack *pack,
		    struct error *err)
{
	size_t i, changed = 0;

	for (i = 0; i < pack->kernel_count; i++) {
		const struct btf_archive_entry *entry = pack->kernels[i].entry;
		const struct btf_archive_entry *locked = bsearch(
			entry, lock->entries, lock->entry_count, sizeof(*lock->entries), by_key);

		if (locked)
			changed += differs(name, locked, &pack->kernels[i].full_btf, entry->build);
	}
	return changed ? error_set(err, -EBADMSG, "%s: %zu BTFs of the archives are not as locked", name,
				   changed)
		       : 0;
}
