/* SPDX-License-Identifier: BSD-2-Clause */
/* The side file RELEASE.btf.json of an archive: where the BTF came from (docs/archive.md). */
#ifndef BTFPACK_PROVENANCE_H
#define BTFPACK_PROVENANCE_H

#include "lib/array.h"
#include "lib/digest.h"
#include "lib/error.h"

#include "btfpack/checksum.h"

struct provenance {
	char *source;            /* NULL when not known; owned */
	char *build;             /* uname -v, NULL when not known; owned */
	struct digest sha256;    /* of the bare BTF */
	struct checksum xxh3;    /* of the bare BTF; zero when not known */
};

/* Reads a side file; -ENOENT without a word when there is none, -EBADMSG when it is damaged. */
int provenance_read(const char *path, struct provenance *out, struct error *err);
void provenance_free(struct provenance *provenance);

/* Publishes a side file; build and source may be NULL, xxh3 zero. */
int provenance_write(const char *path, const struct provenance *provenance, struct error *err);

#endif
