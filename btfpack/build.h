/* SPDX-License-Identifier: BSD-2-Clause */
/* A manifest and archives in, a payload out: what `build` does, and `package` on its way. */
#ifndef BTFPACK_BUILD_H
#define BTFPACK_BUILD_H

#include "btfpack/part.h"
#include "btfpack/signer.h"

struct build_options {
	const char **archives;
	size_t archive_count;
	const char *output, *manifest;
	const char *program;     /* the static target program for a .run; NULL: the one beside btfpack */
	const char *locked;      /* NULL: archives are taken as they are */
	const char *arch;        /* kernels of this architecture only; NULL: of all */
	unsigned jobs;
	struct sign_options sign;
	struct shard shard;      /* 1 of 1 unless given */
	bool is_sharded, keep_going, no_verify, quiet;
};

/*
 * Writes options->output: a .payload, a .run or a .part.  signer, unless NULL, signs it, whoever
 * options->sign says.
 */
int build_signed(const struct build_options *options, const struct signer *signer,
		 struct error *err);

/* The same signed by whom options->sign says. */
int build(const struct build_options *options, struct error *err);

/* The value of --jobs; what is wrong with it is said. */
bool build_parse_jobs(const char *text, unsigned *jobs);

/* Processors that are there to be used. */
unsigned build_processors(void);

#endif
