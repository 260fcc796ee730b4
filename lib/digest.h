/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * SHA-256 (FIPS 180-4) as nettle computes it, and its hexadecimal form.  nettle uses the
 * processor's instructions for it where there are any: with them it is four times as fast as
 * libsodium, and a build host hashes the full BTF of every kernel.
 */
#ifndef LIB_DIGEST_H
#define LIB_DIGEST_H

#include <stdbool.h>

#include <nettle/sha2.h>

#include "lib/bytes.h"

enum { DIGEST_SIZE = 32, DIGEST_HEX_SIZE = 2 * DIGEST_SIZE + 1 };

struct digest {
	uint8_t bytes[DIGEST_SIZE];
};

/* A digest in the making: init, any number of updates, final. */
struct digest_state {
	struct sha256_ctx sha256;
};

void digest_init(struct digest_state *state);
void digest_update(struct digest_state *state, const void *data, size_t size);
struct digest digest_final(struct digest_state *state);

/* The digest of one run of bytes. */
struct digest digest_of(struct slice data);

/* Writes size bytes as 2 * size lower-case digits and a NUL; returns hex. */
char *hex_encode(const uint8_t *bytes, size_t size, char *hex);

/* Reads exactly 2 * size hexadecimal digits; false when text is anything else. */
bool hex_decode(const char *text, uint8_t *bytes, size_t size);

/* Writes 64 lower-case digits and a NUL; returns hex. */
char *digest_hex(const struct digest *digest, char hex[static DIGEST_HEX_SIZE]);

/* Reads exactly 64 hexadecimal digits; false when text is anything else. */
bool digest_parse(const char *text, struct digest *digest);

int digest_compare(const struct digest *a, const struct digest *b);

/* True for 32 zero bytes, which stand for "not known". */
bool digest_is_zero(const struct digest *digest);

#endif
