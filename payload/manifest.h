/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The manifest: an INI file (libinih) that says which application this is, which objects it has and
 * how they run.  docs/manifest.md describes it for packagers.  An unknown section or key is an
 * error that names it and its line.
 */
#ifndef PAYLOAD_MANIFEST_H
#define PAYLOAD_MANIFEST_H

#include <stdbool.h>

#include "lib/bytes.h"
#include "lib/error.h"

enum { MANIFEST_MAX_SIZE = 256 * 1024 };

struct manifest_object {
	char *arch;              /* x86_64, arm64 ...; "" for every architecture (plain `path`) */
	char *path;              /* relative to the manifest */
};

struct manifest_program {
	char *name;              /* function name in the object */
	char *alternative;       /* program to use where this one cannot run; NULL */
	bool optional;           /* may be left out where it cannot run */
};

struct manifest {
	char *name;              /* [a-z][a-z0-9-]*, at most 63 bytes */
	char *version;           /* [A-Za-z0-9.+~-]+, at most 63 bytes */
	char *summary;           /* may be "" */
	char *events_map;        /* map whose records `run` prints; NULL when the object has none */
	char *events_struct;     /* what each record is, where no header tells; NULL */
	char **settings;         /* "NAME=VALUE": what the object's variables are set to */
	uint32_t events_size;    /* bytes of its buffer; 0: as the object says */
	struct manifest_object *objects;
	struct manifest_object *further; /* whose relocations the BTF must serve, too; not run */
	struct manifest_program *programs;
	char **sources;          /* carried for the kernel-specific build */
	char **headers;          /* of the kernel that declare what the objects ask for: "linux/fs.h" */
	size_t object_count, further_count, program_count, source_count, header_count, setting_count;

	/* [package], for `btfpack package`; each may be NULL. */
	char *maintainer;        /* NAME <ADDRESS> */
	char *homepage;          /* an http or https address */
	char *license;           /* an SPDX expression */
	char *license_file;      /* its text; relative to the manifest */
	char *copyright;         /* years and holders */
	char *description;       /* one paragraph, on one line */
};

/* Parses text; path is for messages.  -EBADMSG names line and reason.  manifest_free() frees. */
int manifest_parse(struct slice text, const char *path, struct manifest *out, struct error *err);
void manifest_free(struct manifest *manifest);

/* The path for an architecture: its own, else the one for all; NULL when there is none. */
const char *manifest_object_path(const struct manifest *manifest, const char *arch);

/* What the file of a path is called in the payload: the path without its folders. */
const char *manifest_file_name(const char *path);

/* The entry of a program, or NULL. */
const struct manifest_program *manifest_program(const struct manifest *manifest, const char *name);

#endif
