/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One thing that holds one kernel's BTF: a BTF file, a kernel image, a package, the running host.
 * What it is, is told by its content; names only add what the content does not say.
 */
#ifndef BTFPACK_SOURCE_H
#define BTFPACK_SOURCE_H

#include <stdbool.h>

#include "btfpack/archive.h"

enum { SOURCE_FIELD_SIZE = 129 };

/* Fields are "" where nothing tells them. */
struct source {
	char id[SOURCE_FIELD_SIZE], version_id[SOURCE_FIELD_SIZE];
	char arch[SOURCE_FIELD_SIZE], release[SOURCE_FIELD_SIZE];
	char build[SOURCE_FIELD_SIZE];   /* uname -v */
	char origin[SOURCE_FIELD_SIZE];  /* for the side file: a file name or a package */
	bool release_is_certain;         /* the kernel's own banner or uname(2) says so */
	bool arch_is_certain;            /* a header says so */
	struct buffer btf;

	/* What source_read() was given, while it reads. */
	const char *scratch;
	struct slice file;
};

/* What a person may hand in, for errors. */
#define SOURCE_ACCEPTED \
	"BTF (.btf, bare or as .tar.xz .xz .zst .lz4 .gz .bz2), a directory of it in the layout " \
	"ID/VERSION_ID/ARCH/RELEASE.btf*, vmlinux with BTF or DWARF, vmlinuz (x86 bzImage, arm64 " \
	"Image, EFI zboot), a package of a kernel or its debug information (.deb, .ddeb, .rpm), or " \
	"'host' for the running kernel"

/*
 * Reads what is at path; "host" and /sys/kernel/btf/vmlinux are the running kernel.  The BTF is
 * validated.  scratch is a directory for temporary files, made when it is needed.  -ENOTSUP:
 * nothing that is accepted; -ENOENT: no BTF in it; -EBADMSG: damaged.  Errors name the path.
 * source_free() frees, after failure too.
 */
int source_read(const char *path, const char *scratch, struct source *out, struct error *err);
void source_free(struct source *source);

/* The same for a file in an archive, whose place and side file tell the rest. */
int source_read_entry(const struct btf_archive_entry *entry, struct source *out, struct error *err);

/* True for the names of the running kernel. */
bool source_is_host(const char *path);

#endif
