/* SPDX-License-Identifier: BSD-2-Clause */
/* What `build` and `merge` write: a payload, or a .run, the target program with it inside. */
#ifndef BTFPACK_OUTPUT_H
#define BTFPACK_OUTPUT_H

#include <limits.h>
#include <stdbool.h>

#include "btfpack/application.h"
#include "btfpack/pack.h"
#include "btfpack/signer.h"

/* True when path ends in this, behind something. */
bool output_ends_in(const char *path, const char *end);

/*
 * Seals pack and application, and publishes them at path: a .run when its name ends so, else a
 * payload.  program is the static target program for a .run, NULL for the one beside btfpack.
 * signer, unless NULL, signs it.
 */
int output_write(const char *path, const char *program, const struct application *application,
		 const struct pack *pack, const struct signer *signer, size_t *size,
		 struct error *err);

/* Publishes a .run of the payload in a file. */
int output_write_run(const char *path, const char *program, const char *payload,
		     const struct signer *signer, size_t *size, struct error *err);

/* Signs a .payload or .run that was written before; -EEXIST: the .run is signed already. */
int output_sign(const char *path, const struct signer *signer, struct error *err);

/*
 * The target program of this name: beside btfpack in the build folder, or where `make install` puts
 * it.
 */
int output_find_program(const char *name, char path[static PATH_MAX], struct error *err);

#endif
