/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a payload holds, in words and as JSON: the same facts for btfpack on the build host and for
 * the program on the target.
 */
#ifndef PAYLOAD_DESCRIBE_H
#define PAYLOAD_DESCRIBE_H

#include <stdio.h>

#include "payload/reader.h"

/* A line for each kernel: arch, release, distro, version, stored BTF; or one JSON document. */
int payload_list(const struct payload *payload, bool json, FILE *out, struct error *err);

/* What its signature came to, for those who look at one. */
struct signature_note {
	const char *state;       /* in words */
	const char *key;         /* identity of the key; NULL without a signature */
	uint64_t epoch;          /* 0 where none verified */
};

/* Application, counts, sizes, files, hashes; signature NULL: nobody looked. */
int payload_info(const struct payload *payload, const struct signature_note *signature, bool json,
		 FILE *out, struct error *err);

/*
 * Writes everything below directory (made when missing): manifest, objects, sources, and
 * btf/ID/VERSION_ID/ARCH/RELEASE.btf for each kernel.  No name from the payload leaves directory.
 */
int payload_extract(const struct payload *payload, const char *directory, struct error *err);

#endif
