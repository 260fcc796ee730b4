/* SPDX-License-Identifier: BSD-2-Clause */
/* Writing into an archive: one kernel's BTF and its side file, whole or not at all. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/file.h"

#include "btfpack/archive.h"
#include "btfpack/guard.h"
#include "btfpack/layout.h"
#include "btfpack/lz4_frame.h"
#include "btfpack/provenance.h"

/* What is written; layout_suffixes has what may be there already. */
#define STORED_SUFFIX ".lz4"

/* Where one kernel is, or would be. */
struct place {
	char directory[PATH_MAX];
	char stored[PATH_MAX];   /* the file that is written */
	char side[PATH_MAX];
	char present[PATH_MAX];  /* the file that is there under this key, "" when none is */
};

static int find_place(const char *root, const struct btf_archive_key *key, struct place *out)
{
	const char *const *suffix;
	struct stat st;
	int length;

	length = snprintf(out->directory, PATH_MAX, "%s/%s/%s/%s", root, key->id, key->version_id,
			  key->arch);
	/* 32 bytes: room for the suffix of a temporary name. */
	if (length < 0 || (size_t)length + strlen(key->release) + 32 >= PATH_MAX)
		return -ENAMETOOLONG;
	out->present[0] = '\0';
	for (suffix = layout_suffixes; *suffix; suffix++) {
		if (snprintf(out->present, PATH_MAX, "%s/%s.btf%s", out->directory, key->release,
			     *suffix) >= PATH_MAX)
			return -ENAMETOOLONG;
		if (stat(out->present, &st) == 0)
			break;
		out->present[0] = '\0';
	}
	if (snprintf(out->stored, PATH_MAX, "%s/%s.btf" STORED_SUFFIX, out->directory, key->release) >=
	    PATH_MAX)
		return -ENAMETOOLONG;
	return layout_side_path(out->stored, out->side);
}

static int write_side(const struct place *place, const char *source, const char *build,
		      struct slice btf, struct error *err)
{
	const struct provenance provenance = {
		.source = (char *)(uintptr_t)source,
		.build = (char *)(uintptr_t)build,
		.sha256 = digest_of(btf),
		.xxh3 = checksum_of(btf),
	};

	return provenance_write(place->side, &provenance, err);
}

static int publish(const struct place *place, const struct btf_archive_entry *entry,
		   struct slice btf, struct slice packed, struct error *err)
{
	/*
	 * The side file goes first: should the next step fail, what is there is a digest that
	 * matches nothing, which reading finds out and the next import repairs.
	 */
	int code = write_side(place, entry->source, entry->build, btf, err);

	if (!code)
		code = file_publish(AT_FDCWD, place->stored, packed, 0644, err);
	if (!code && place->present[0] && strcmp(place->present, place->stored) != 0 &&
	    unlink(place->present) < 0)
		code = error_errno(err, -errno, "%s: cannot remove what %s replaces", place->present,
				   place->stored);
	return code ? code : BTF_ARCHIVE_STORED;
}

/*
 * Compares with what is there, and gives what the side file knows of it.  What cannot be read is as
 * good as absent, so that an archive can be repaired by importing again.
 */
static int compare_present(const struct place *place, struct slice btf, struct provenance *known)
{
	struct btf_archive_entry present = { .path = place->present };
	struct btf_archive_reading there = { 0 };
	struct error problem = ERROR_NONE;
	int code;

	code = provenance_read(place->side, known, &problem);
	if (!code || code == -ENOENT) {
		present.sha256 = known->sha256;
		present.xxh3 = known->xxh3;
		code = btf_archive_read(&present, false, &there, &problem);
	}
	if (code)
		code = code == -ENOMEM ? code : BTF_ARCHIVE_STORED;
	else
		code = slice_equal(there.btf, btf) ? BTF_ARCHIVE_PRESENT : BTF_ARCHIVE_CONFLICT;
	btf_archive_reading_free(&there);
	return code;
}

/* The same bytes are there: of them more may be known now. */
static int complete_side(const struct place *place, const struct btf_archive_entry *entry,
			 const struct provenance *known, struct slice btf, struct error *err)
{
	bool adds_build = entry->build && !known->build;

	if (!adds_build && !checksum_is_zero(&known->xxh3))
		return 0;
	return write_side(place, adds_build || !known->source ? entry->source : known->source,
			  known->build ? known->build : entry->build, btf, err);
}

/* With the directory locked: looks at what is there, and writes what is to be written. */
static int store(const char *root, const struct btf_archive_entry *entry, struct slice btf,
		 struct buffer *packed, bool replace, struct error *err)
{
	struct place place = { .directory = "" };
	struct provenance known = { 0 };
	int code, outcome = BTF_ARCHIVE_STORED;

	code = find_place(root, &entry->key, &place);
	if (code)
		return error_errno(err, code, "%s", root);
	if (place.present[0])
		outcome = compare_present(&place, btf, &known);
	if (outcome < 0)
		code = error_errno(err, outcome, "%s", place.present);
	else if (outcome == BTF_ARCHIVE_PRESENT)
		code = complete_side(&place, entry, &known, btf, err);
	provenance_free(&known);
	if (code || outcome == BTF_ARCHIVE_PRESENT || (outcome == BTF_ARCHIVE_CONFLICT && !replace))
		return code ? code : outcome;
	code = packed->size ? 0 : lz4_frame_pack(btf, packed, err);
	return code ? code : publish(&place, entry, btf, buffer_slice(packed), err);
}

int btf_archive_store(const char *root, const struct btf_archive_entry *entry, struct slice btf,
		      bool replace, struct error *err)
{
	struct place place = { .directory = "" };
	struct buffer packed = { 0 };
	int fd, code;

	if (!btf_archive_key_valid(&entry->key, err))
		return -EINVAL;
	code = find_place(root, &entry->key, &place);
	if (code)
		return error_errno(err, code, "%s", root);
	/* What is most likely needed, before others have to wait for it. */
	if (!place.present[0])
		code = lz4_frame_pack(btf, &packed, err);
	fd = code ? code : guard_directory(place.directory, err);
	code = fd < 0 ? fd : store(root, entry, btf, &packed, replace, err);
	if (fd >= 0)
		close(fd);
	buffer_free(&packed);
	return code;
}
