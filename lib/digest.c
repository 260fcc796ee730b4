/* SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include <sodium/utils.h>

#include "lib/digest.h"

void digest_init(struct digest_state *state)
{
	crypto_hash_sha256_init(&state->sha256);
}

void digest_update(struct digest_state *state, const void *data, size_t size)
{
	crypto_hash_sha256_update(&state->sha256, data, size);
}

struct digest digest_final(struct digest_state *state)
{
	struct digest digest;

	crypto_hash_sha256_final(&state->sha256, digest.bytes);
	return digest;
}

struct digest digest_of(struct slice data)
{
	struct digest digest;

	crypto_hash_sha256(digest.bytes, data.data, data.size);
	return digest;
}

char *digest_hex(const struct digest *digest, char hex[static DIGEST_HEX_SIZE])
{
	return sodium_bin2hex(hex, DIGEST_HEX_SIZE, digest->bytes, DIGEST_SIZE);
}

bool digest_parse(const char *text, struct digest *digest)
{
	size_t used;

	if (strlen(text) != 2 * DIGEST_SIZE)
		return false;
	return sodium_hex2bin(digest->bytes, DIGEST_SIZE, text, 2 * DIGEST_SIZE, NULL, &used, NULL) == 0 &&
	       used == DIGEST_SIZE;
}

int digest_compare(const struct digest *a, const struct digest *b)
{
	return memcmp(a->bytes, b->bytes, DIGEST_SIZE);
}

bool digest_is_zero(const struct digest *digest)
{
	return sodium_is_zero(digest->bytes, DIGEST_SIZE);
}
