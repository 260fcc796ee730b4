/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * XXH3 (128 bits) of a BTF, as side files carry it: it finds damage at the speed of memory, where
 * SHA-256 takes longer than the reduction itself.  It proves nothing about who made the bytes, but
 * neither does a digest that stands unsigned beside them; identity is checked by lock files.
 */
#ifndef BTFPACK_CHECKSUM_H
#define BTFPACK_CHECKSUM_H

#include <stdbool.h>

#include "lib/bytes.h"

enum { CHECKSUM_SIZE = 16, CHECKSUM_HEX_SIZE = 2 * CHECKSUM_SIZE + 1 };

struct checksum {
	uint8_t bytes[CHECKSUM_SIZE]; /* in xxHash's canonical, big-endian form */
};

struct checksum checksum_of(struct slice data);

bool checksum_equal(const struct checksum *a, const struct checksum *b);

/* True for 16 zero bytes, which stand for "not known". */
bool checksum_is_zero(const struct checksum *checksum);

/* Writes 32 lower-case digits and a NUL, as xxh128sum(1) does; returns hex. */
char *checksum_hex(const struct checksum *checksum, char hex[static CHECKSUM_HEX_SIZE]);

/* Reads exactly 32 hexadecimal digits; false when text is anything else. */
bool checksum_parse(const char *text, struct checksum *checksum);

#endif
