/* SPDX-License-Identifier: BSD-2-Clause */
/* What `build` and `merge` write: a payload, or a .run, the target program with it inside. */
#ifndef BTFPACK_OUTPUT_H
#define BTFPACK_OUTPUT_H

#include <limits.h>
#include <stdbool.h>

#include "btfpack/application.h"
#include "btfpack/pack.h"

/* True when path ends in this, behind something. */
bool output_ends_in(const char *path, const char *end);

/*
 * Seals pack and application, and publishes them at path: a .run when its name ends so, else a
 * payload.  program is the static target program for a .run, NULL for the one beside btfpack.
 */
int output_write(const char *path, const char *program, const struct application *application,
		 const struct pack *pack, size_t *size, struct error *err);

/* Publishes a .run of a payload that was written already. */
int output_write_run(const char *path, const char *program, const char *payload, size_t *size,
		     struct error *err);

/*
 * The target program of this name: beside btfpack in the build folder, or where `make install` puts
 * it.
 */
int output_find_program(const char *name, char path[static PATH_MAX], struct error *err);

#endif
