/* SPDX-License-Identifier: BSD-2-Clause */
/* Listing and reading an archive; store.c writes into one. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/btf.h"
#include "lib/file.h"

#include "btfpack/archive.h"
#include "btfpack/decompress.h"
#include "btfpack/layout.h"
#include "btfpack/provenance.h"

/* Directories between an archive's root and a file of it: ID, VERSION_ID, ARCH. */
enum { MAX_DEPTH = 3 };

static int ignore(struct btf_archive *archive, const char *path, const char *why)
{
	struct btf_archive_ignored *slot;

	if (array_grow(&archive->ignored, archive->ignored_count, &archive->ignored_capacity))
		return -ENOMEM;
	slot = &archive->ignored[archive->ignored_count];
	slot->path = strdup(path);
	slot->why = strdup(why);
	archive->ignored_count++; /* so that what was allocated is freed */
	return slot->path && slot->why ? 0 : -ENOMEM;
}

/* A damaged side file costs what it says, not the BTF beside it. */
static int add_provenance(struct btf_archive *archive, struct btf_archive_entry *entry)
{
	struct error problem = ERROR_NONE;
	struct provenance known;
	char path[PATH_MAX];
	int code;

	code = layout_side_path(entry->path, path);
	if (!code)
		code = provenance_read(path, &known, &problem);
	if (code == -ENOENT)
		return 0;
	if (code)
		return code == -ENOMEM ? code : ignore(archive, path, problem.text);
	entry->build = known.build;
	entry->source = known.source;
	entry->sha256 = known.sha256;
	entry->xxh3 = known.xxh3;
	return 0;
}

static void free_entry(struct btf_archive_entry *entry)
{
	layout_key_free(&entry->key);
	free((char *)(uintptr_t)entry->path);
	free((char *)(uintptr_t)entry->build);
	free((char *)(uintptr_t)entry->source);
}

static int add_entry(struct btf_archive *archive, const char *path,
		     const struct btf_archive_key *key, int depth)
{
	struct btf_archive_entry *entry;
	int code;

	if (array_grow(&archive->entries, archive->entry_count, &archive->entry_capacity))
		return -ENOMEM;
	entry = &archive->entries[archive->entry_count];
	*entry = (struct btf_archive_entry){ .order = archive->entry_count, .depth = depth };
	archive->entry_count++;
	code = layout_key_copy(&entry->key, key);
	entry->path = strdup(path);
	if (code || !entry->path)
		return -ENOMEM;
	return add_provenance(archive, entry);
}

/* real is the same file below the root's real path, where the parts above the root show. */
static int visit_file(struct btf_archive *archive, const char *path, const char *real, int depth)
{
	struct layout_parts parts;
	struct error problem = ERROR_NONE;

	switch (layout_name_kind(path)) {
	case LAYOUT_SIDE:
		return 0;
	case LAYOUT_TEMPORARY:
		return ignore(archive, path, "left by an import that was killed; the next one "
			      "into this archive removes it");
	case LAYOUT_FOREIGN:
		return ignore(archive, path, "its name is not RELEASE.btf, bare or with the suffix of "
			      "a compression");
	case LAYOUT_BTF:
		break;
	}
	if (!layout_split(real, &parts, &problem))
		return ignore(archive, path, problem.text);
	return add_entry(archive, path, &parts.key, depth);
}

static int visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* By bytes; alphasort() would follow the locale. */
static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int visit(struct btf_archive *archive, const char *path, const char *real, int depth,
		 struct error *err);

static int visit_child(struct btf_archive *archive, const char *path, const char *real,
		       const char *name, int depth, struct error *err)
{
	char child[PATH_MAX], child_real[PATH_MAX];

	if ((size_t)snprintf(child, sizeof(child), "%s/%s", path, name) >= sizeof(child) ||
	    (size_t)snprintf(child_real, sizeof(child_real), "%s/%s", real, name) >=
		    sizeof(child_real))
		return error_errno(err, -ENAMETOOLONG, "%s/%s", path, name);
	return visit(archive, child, child_real, depth, err);
}

/* One line for all that a kernel's modules have, some by name. */
static int ignore_modules(struct btf_archive *archive, const char *path, struct dirent **names,
			  int count)
{
	enum { NAMED_MODULES = 3 };
	char list[NAMED_MODULES * 64] = "", why[sizeof(list) + 128];
	size_t used = 0;
	int i, modules = 0;

	for (i = 0; i < count; i++) {
		const char *name = names[i]->d_name;
		int length = (int)strcspn(name, ".");

		if (layout_name_kind(name) != LAYOUT_BTF || modules++ >= NAMED_MODULES)
			continue;
		used += (size_t)snprintf(list + used, sizeof(list) - used, "%s%.*s", used ? ", " : "",
					 length < 60 ? length : 60, name);
	}
	snprintf(why, sizeof(why), "split BTF of %d modules (%s%s), which is not packed", modules, list,
		 modules > NAMED_MODULES ? ", ..." : "");
	return ignore(archive, path, why);
}

static int visit_directory(struct btf_archive *archive, const char *path, const char *real,
			   int depth, struct error *err)
{
	struct dirent **names = NULL;
	int count, i, code = 0;
	bool is_modules;

	if (layout_name_kind(path) == LAYOUT_BTF)
		return ignore(archive, path, "a directory, where a file with BTF is wanted");
	is_modules = layout_is_module_directory(real);
	if (depth > MAX_DEPTH && !is_modules)
		return ignore(archive, path, "deeper than ID/VERSION_ID/ARCH/RELEASE.btf");
	count = scandir(path, &names, visible, by_name);
	if (count < 0)
		return error_errno(err, -errno, "%s", path);
	if (is_modules)
		code = ignore_modules(archive, path, names, count);
	for (i = 0; i < count; i++) {
		if (!code && !is_modules)
			code = visit_child(archive, path, real, names[i]->d_name, depth + 1, err);
		free(names[i]);
	}
	free(names);
	return code;
}

static int visit(struct btf_archive *archive, const char *path, const char *real, int depth,
		 struct error *err)
{
	struct stat st;
	char why[128];
	int code;

	if (stat(path, &st) < 0) {
		snprintf(why, sizeof(why), "%s", strerror(errno));
		code = ignore(archive, path, why);
	} else if (S_ISDIR(st.st_mode)) {
		return visit_directory(archive, path, real, depth, err);
	} else if (S_ISREG(st.st_mode)) {
		code = visit_file(archive, path, real, depth);
	} else {
		code = ignore(archive, path, "neither a file nor a directory");
	}
	return code ? error_errno(err, code, "%s", path) : 0;
}

/*
 * BTFHub's history has files at 1/x86_64, where ID/VERSION_ID/ARCH is meant.  What stands above
 * the root would be taken for the missing part, so the entries from first on, which are one root's,
 * must be equally deep.
 */
static int drop_shallow(struct btf_archive *archive, size_t first)
{
	int deepest = 0, code = 0;
	size_t i, kept = first;

	for (i = first; i < archive->entry_count; i++)
		if (archive->entries[i].depth > deepest)
			deepest = archive->entries[i].depth;
	for (i = first; i < archive->entry_count; i++) {
		if (code || archive->entries[i].depth == deepest) {
			archive->entries[kept++] = archive->entries[i];
			continue;
		}
		code = ignore(archive, archive->entries[i].path, "a directory of ID/VERSION_ID/ARCH is "
			      "missing: others lie deeper below the same root");
		free_entry(&archive->entries[i]);
	}
	archive->entry_count = kept;
	return code;
}

static int visit_root(struct btf_archive *archive, const char *root, struct error *err)
{
	char real[PATH_MAX], path[PATH_MAX];
	size_t length, first = archive->entry_count;
	int code;

	if (!realpath(root, real))
		return error_errno(err, -errno, "%s", root);
	if ((size_t)snprintf(path, sizeof(path), "%s", root) >= sizeof(path))
		return error_errno(err, -ENAMETOOLONG, "%s", root);
	for (length = strlen(path); length > 1 && path[length - 1] == '/'; length--)
		path[length - 1] = '\0';
	code = visit(archive, path, real, 0, err);
	if (!code && drop_shallow(archive, first))
		code = error_errno(err, -ENOMEM, "%s", root);
	return code;
}

static int compare_entries(const void *a, const void *b)
{
	const struct btf_archive_entry *left = a, *right = b;
	int order = btf_archive_key_compare(&left->key, &right->key);

	if (order)
		return order;
	return left->order < right->order ? -1 : left->order > right->order;
}

/* Says in why how second differs from first, which has the same key; "" when it does not. */
static int compare_contents(const struct btf_archive_entry *first,
			    const struct btf_archive_entry *second, char *why, size_t size)
{
	struct btf_archive_reading left = { 0 }, right = { 0 };
	struct error problem = ERROR_NONE;
	int code;

	*why = '\0';
	code = btf_archive_read(first, false, &left, &problem);
	if (!code)
		code = btf_archive_read(second, false, &right, &problem);
	if (code && code != -ENOMEM) {
		snprintf(why, size, "of the same kernel as %s, which is taken; they cannot be compared: %s",
			 first->path, problem.text);
		code = 0;
	} else if (!code && !slice_equal(left.btf, right.btf)) {
		snprintf(why, size, "of the same kernel as %s, which is taken, and differs from it",
			 first->path);
	}
	btf_archive_reading_free(&left);
	btf_archive_reading_free(&right);
	return code;
}

static int drop_duplicates(struct btf_archive *archive)
{
	struct btf_archive_entry *entries = archive->entries;
	char why[2 * PATH_MAX];
	size_t i, kept = 0;
	int code = 0;

	for (i = 0; i < archive->entry_count; i++) {
		if (code || kept == 0 ||
		    btf_archive_key_compare(&entries[kept - 1].key, &entries[i].key) != 0) {
			entries[kept++] = entries[i];
			continue;
		}
		code = compare_contents(&entries[kept - 1], &entries[i], why, sizeof(why));
		if (!code && *why)
			code = ignore(archive, entries[i].path, why);
		free_entry(&entries[i]);
	}
	archive->entry_count = kept;
	return code;
}

int btf_archive_list(const char *const *roots, size_t count, struct btf_archive *out,
		     struct error *err)
{
	size_t i;
	int code;

	*out = (struct btf_archive){ 0 };
	for (i = 0; i < count; i++) {
		code = visit_root(out, roots[i], err);
		if (code)
			return code;
	}
	if (out->entry_count)
		qsort(out->entries, out->entry_count, sizeof(*out->entries), compare_entries);
	code = drop_duplicates(out);
	return code ? error_errno(err, code, "archive") : 0;
}

void btf_archive_free(struct btf_archive *archive)
{
	size_t i;

	for (i = 0; i < archive->entry_count; i++)
		free_entry(&archive->entries[i]);
	for (i = 0; i < archive->ignored_count; i++) {
		free((char *)(uintptr_t)archive->ignored[i].path);
		free((char *)(uintptr_t)archive->ignored[i].why);
	}
	free(archive->entries);
	free(archive->ignored);
	*archive = (struct btf_archive){ 0 };
}

/* Finds or unpacks the BTF; errors do not name the file. */
static int unpack(struct btf_archive_reading *reading, struct error *err)
{
	struct slice file = buffer_slice(&reading->file);
	struct buffer *content = &reading->content;
	int code;

	content->size = 0;
	if (file.size == 0)
		return error_set(err, -EBADMSG, "an empty file");
	if (layout_is_btf(file)) {
		reading->btf = file;
		return 0;
	}
	code = decompress_btf(file, BTF_MAX_SIZE, content, err);
	if (code == -ENOTSUP)
		error_set(err, code, "neither BTF nor a compressed file that is read");
	reading->btf = buffer_slice(content);
	return code;
}

/* What was read is what the side file says it is. */
static int compare_with_side(const struct btf_archive_entry *entry, bool exact,
			     struct btf_archive_reading *reading, struct error *err)
{
	bool has_sha256 = !digest_is_zero(&entry->sha256);
	bool same = true;

	if (has_sha256 && !checksum_is_zero(&entry->xxh3)) {
		struct checksum xxh3 = checksum_of(reading->btf);

		same = checksum_equal(&xxh3, &entry->xxh3);
		reading->sha256 = exact ? digest_of(reading->btf) : entry->sha256;
	} else {
		reading->sha256 = digest_of(reading->btf);
	}
	if (has_sha256 && digest_compare(&reading->sha256, &entry->sha256) != 0)
		same = false;
	return same ? 0
		    : error_set(err, -EBADMSG, "not the BTF whose digest is in its side file .btf.json");
}

int btf_archive_read(const struct btf_archive_entry *entry, bool exact,
		     struct btf_archive_reading *reading, struct error *err)
{
	int code;

	/* Read, not mapped: pages that are used again cost less than mapping new ones does. */
	reading->file.size = 0;
	code = file_read(AT_FDCWD, entry->path, BTF_MAX_SIZE, &reading->file, err);
	if (code)
		return code;
	code = unpack(reading, err);
	if (!code)
		code = compare_with_side(entry, exact, reading, err);
	return code ? error_wrap(err, "%s", entry->path) : 0;
}

void btf_archive_reading_free(struct btf_archive_reading *reading)
{
	buffer_free(&reading->file);
	buffer_free(&reading->content);
	*reading = (struct btf_archive_reading){ 0 };
}
