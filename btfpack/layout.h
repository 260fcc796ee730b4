/* SPDX-License-Identifier: BSD-2-Clause */
/* Names in an archive: ID/VERSION_ID/ARCH/RELEASE.btf[.tar][.xz|...] and RELEASE.btf.json. */
#ifndef BTFPACK_LAYOUT_H
#define BTFPACK_LAYOUT_H

#include <limits.h>

#include "btfpack/archive.h"

enum layout_kind {
	LAYOUT_FOREIGN,
	LAYOUT_BTF,
	LAYOUT_SIDE,             /* RELEASE.btf.json */
	LAYOUT_TEMPORARY,        /* what file_publish() leaves when it is killed */
};

/* What the last component of path says it is. */
enum layout_kind layout_name_kind(const char *path);

/* True for the path of a directory that stands where BTF of modules does: .../ARCH/RELEASE. */
bool layout_is_module_directory(const char *path);

/* A key whose strings lie in the copy of the path that it came from. */
struct layout_parts {
	struct btf_archive_key key;
	char path[PATH_MAX];
};

/*
 * Reads the key off the last four components of path, VERSION_ID as os-release spells it; false
 * with the reason when there is none.
 */
bool layout_split(const char *path, struct layout_parts *out, struct error *err);

/* The side file's path for a BTF file of the layout; -ENAMETOOLONG. */
int layout_side_path(const char *btf_path, char side[static PATH_MAX]);

/* Suffixes that may follow RELEASE.btf, NULL at the end; the first is "". */
extern const char *const layout_suffixes[];

/* True for bytes that start as BTF does, in either byte order. */
bool layout_is_btf(struct slice file);

/* Copies of a key's strings, and their end; -ENOMEM leaves what layout_key_free() frees. */
int layout_key_copy(struct btf_archive_key *out, const struct btf_archive_key *key);
void layout_key_free(struct btf_archive_key *key);

/* The last ".btf" of a file's name, before which the release stands; NULL when there is none. */
const char *layout_extension(const char *name);

#endif
