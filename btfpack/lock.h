/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The lock file of an archive (docs/archive.md): which kernels it has, and for each the digest of
 * its BTF, its build and its source, so that a build can insist on just these.
 */
#ifndef BTFPACK_LOCK_H
#define BTFPACK_LOCK_H

#include "btfpack/archive.h"
#include "btfpack/pack.h"

/* Publishes the lock file of archive; reads each BTF of which no side file tells the digest. */
int lock_write(const char *path, const struct btf_archive *archive, struct error *err);

/*
 * Reads a lock file as the entries of an archive without paths; -EBADMSG damaged, -ENOTSUP newer.
 * btf_archive_free() frees, after failure too.
 */
int lock_read(const char *path, struct btf_archive *lock, struct error *err);

/*
 * What archive lacks, has beside what is locked, and has otherwise: each is an error line with the
 * kernel's name, and -EBADMSG when there is any.  A BTF whose digest nothing tells is left to
 * lock_check_pack().  name is the lock file's.
 */
int lock_check_archive(const struct btf_archive *lock, const char *name,
		       const struct btf_archive *archive, struct error *err);

/* The same for the digests of what was in fact reduced. */
int lock_check_pack(const struct btf_archive *lock, const char *name, const struct pack *pack,
		    struct error *err);

#endif
