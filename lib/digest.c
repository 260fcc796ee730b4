/* SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include <nettle/base16.h>
#include <nettle/version.h>

#include "lib/digest.h"

void digest_init(struct digest_state *state)
{
	sha256_init(&state->sha256);
}

void digest_update(struct digest_state *state, const void *data, size_t size)
{
	sha256_update(&state->sha256, size, data);
}

struct digest digest_final(struct digest_state *state)
{
	struct digest digest;

#if NETTLE_VERSION_MAJOR >= 4
	sha256_digest(&state->sha256, digest.bytes);
#else
	sha256_digest(&state->sha256, DIGEST_SIZE, digest.bytes);
#endif
	return digest;
}

struct digest digest_of(struct slice data)
{
	struct digest_state state;

	digest_init(&state);
	digest_update(&state, data.data, data.size);
	return digest_final(&state);
}

char *hex_encode(const uint8_t *bytes, size_t size, char *hex)
{
	base16_encode_update(hex, size, bytes);
	hex[2 * size] = '\0';
	return hex;
}

bool hex_decode(const char *text, uint8_t *bytes, size_t size)
{
	struct base16_decode_ctx base16;
	size_t used = size;

	/* nettle passes over white space, which is no digit. */
	if (strlen(text) != 2 * size || strspn(text, "0123456789abcdefABCDEF") != 2 * size)
		return false;
	base16_decode_init(&base16);
	return base16_decode_update(&base16, &used, bytes, 2 * size, text) &&
	       base16_decode_final(&base16) && used == size;
}

char *digest_hex(const struct digest *digest, char hex[static DIGEST_HEX_SIZE])
{
	return hex_encode(digest->bytes, DIGEST_SIZE, hex);
}

bool digest_parse(const char *text, struct digest *digest)
{
	return hex_decode(text, digest->bytes, DIGEST_SIZE);
}

int digest_compare(const struct digest *a, const struct digest *b)
{
	return memcmp(a->bytes, b->bytes, DIGEST_SIZE);
}

bool digest_is_zero(const struct digest *digest)
{
	static const struct digest zero;

	return digest_compare(digest, &zero) == 0;
}
