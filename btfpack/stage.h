/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A folder that is going to be / of a package: files with their modes, and one time for all of
 * them, so that nothing of the build's circumstances gets into the package.
 */
#ifndef BTFPACK_STAGE_H
#define BTFPACK_STAGE_H

#include <sys/types.h>
#include <time.h>

#include "lib/array.h"
#include "lib/error.h"

struct stage {
	char *path;
	time_t time;
	char **files;            /* relative to path, in byte order after stage_seal() */
	size_t count, capacity;
	size_t size_kib;         /* of all files, each rounded up, and a KiB for each folder */
};

/* Makes the folder, which must not exist.  stage_free() frees the struct and leaves the folder. */
int stage_open(const char *path, time_t time, struct stage *out, struct error *err);
void stage_free(struct stage *stage);

/* Writes a file; the folders that lead to it are made.  name is relative to the stage. */
int stage_add(struct stage *stage, const char *name, mode_t mode, struct slice content,
	      struct error *err);

/* The same packed by gzip, which tells no time. */
int stage_add_gzip(struct stage *stage, const char *name, struct slice content, struct error *err);

/* A file that is there and may be shared: a hard link to it, under its owner's mode. */
int stage_add_link(struct stage *stage, const char *name, const char *file, struct error *err);

/* Gives all files and folders the stage's time, and the list its order; nothing is added then. */
int stage_seal(struct stage *stage, struct error *err);

/* Removes a folder with everything in it. */
int stage_remove(const char *path, struct error *err);

#endif
