/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An archive of kernel BTF (docs/archive.md): files ID/VERSION_ID/ARCH/RELEASE.btf, bare or
 * compressed, each with an optional side file that tells where it came from.  The prefix keeps
 * these names apart from libarchive's `struct archive`.
 */
#ifndef BTFPACK_ARCHIVE_H
#define BTFPACK_ARCHIVE_H

#include <stdbool.h>

#include "lib/array.h"
#include "lib/digest.h"
#include "lib/error.h"

#include "btfpack/checksum.h"

/* Names one kernel's BTF.  Strings belong to whoever holds the key. */
struct btf_archive_key {
	const char *id;          /* os-release ID */
	const char *version_id;  /* os-release VERSION_ID, "sid" and the like */
	const char *arch;        /* x86_64, arm64 ... */
	const char *release;     /* uname -r */
};

struct btf_archive_entry {
	struct btf_archive_key key;
	const char *path;        /* of the file, as it can be opened from the working directory */
	const char *build;       /* uname -v, or NULL when not known */
	const char *source;      /* what the BTF came out of, or NULL when not known */
	struct digest sha256;    /* of the BTF as the side file has it; zero when not known */
	struct checksum xxh3;    /* likewise */
	size_t order;            /* in which the listing met it */
	int depth;               /* directories between its root and it */
};

/* A path that was left out, and why; both are printable. */
struct btf_archive_ignored {
	const char *path;
	const char *why;
};

struct btf_archive {
	struct btf_archive_entry *entries;   /* sorted by id, version_id, arch, release (strcmp) */
	struct btf_archive_ignored *ignored; /* in the order of roots, then by path */
	size_t entry_count, ignored_count;
	size_t entry_capacity, ignored_capacity;
};

/*
 * Lists the BTF files below the given roots.  A root is an archive, any directory inside one, or
 * one file of it; parts of the layout above the root are taken from its real path, so that files
 * less deep than others of the same root are ignored: a directory is missing on their way.  Of a
 * key met twice the first stays; the second goes to the ignored list when its content differs, else
 * unmentioned.  Symbolic links are followed.  btf_archive_free() frees, after failure too.
 */
int btf_archive_list(const char *const *roots, size_t count, struct btf_archive *out,
		     struct error *err);
void btf_archive_free(struct btf_archive *archive);

/*
 * What a BTF is read into.  All zero at first; used again for the next BTF it saves allocations.
 */
struct btf_archive_reading {
	struct slice btf;        /* the BTF, decompressed; lies in one of the buffers */
	struct digest sha256;    /* of it */
	struct buffer file, content;
};

/*
 * Reads an entry's BTF; what it holds is not examined, only compared with the side file: with the
 * checksum of that where it has one, else with its SHA-256.  With exact, SHA-256 is computed from
 * the bytes in any case.  -EBADMSG: damaged; -ENOTSUP: a compression that is not read.  Errors name
 * the path.
 */
int btf_archive_read(const struct btf_archive_entry *entry, bool exact,
		     struct btf_archive_reading *reading, struct error *err);
void btf_archive_reading_free(struct btf_archive_reading *reading);

/* Orders keys by id, version_id, arch, release. */
int btf_archive_key_compare(const struct btf_archive_key *a, const struct btf_archive_key *b);

/* False, with the reason in *err, when a part is missing or does not suit a path of the layout. */
bool btf_archive_key_valid(const struct btf_archive_key *key, struct error *err);

enum btf_archive_outcome {
	BTF_ARCHIVE_STORED,      /* written */
	BTF_ARCHIVE_PRESENT,     /* the same bytes are there already */
	BTF_ARCHIVE_CONFLICT,    /* other bytes are there under this key, and replace is false */
};

/*
 * Stores entry's key, build and source with this BTF below root (entry->path, sha256 and xxh3 are
 * not looked at), whole or not at all.  Returns an enum btf_archive_outcome or a negative errno.
 */
int btf_archive_store(const char *root, const struct btf_archive_entry *entry, struct slice btf,
		      bool replace, struct error *err);

#endif
