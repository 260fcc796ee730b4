/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernels of a coverage: an archive's, or those that a payload was packed for. */
#ifndef BTFPACK_COVERAGE_KERNELS_H
#define BTFPACK_COVERAGE_KERNELS_H

#include "btfpack/application.h"
#include "btfpack/pack.h"

struct coverage_kernels {
	struct btf_archive archive;
	struct btf_archive_entry *packed; /* in place of an archive's; their strings are a payload's */
	struct pack pack;
};

/* Resolves the wanted kernels of archives.  coverage_kernels_free() frees, after failure too. */
int coverage_kernels_read(const char *const *archives, size_t count, const struct reloset *set,
			  bool (*wanted)(const struct btf_archive_entry *entry, const void *context),
			  const void *context, struct pack_options options,
			  struct coverage_kernels *out, struct error *err);

/*
 * The same from a payload, whose stored BTFs answer its own objects as whole ones do.  Strings stay
 * the payload's.
 */
int coverage_kernels_of_payload(const struct payload *payload, const struct reloset *set,
				struct coverage_kernels *out, struct error *err);
void coverage_kernels_free(struct coverage_kernels *kernels);

/*
 * Of each kernel of payload, its place in the pack, or SIZE_MAX; both have them of the same archive
 * or one is the other's.  NULL: no memory.  The caller frees.
 */
size_t *coverage_kernels_places(const struct coverage_kernels *kernels,
				const struct payload *payload);

#endif
