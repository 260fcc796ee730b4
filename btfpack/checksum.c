/* SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include <xxhash.h>

#include "lib/digest.h"

#include "btfpack/checksum.h"

struct checksum checksum_of(struct slice data)
{
	XXH128_canonical_t canonical;
	struct checksum checksum;

	XXH128_canonicalFromHash(&canonical, XXH3_128bits(data.data, data.size));
	memcpy(checksum.bytes, canonical.digest, CHECKSUM_SIZE);
	return checksum;
}

bool checksum_equal(const struct checksum *a, const struct checksum *b)
{
	return memcmp(a->bytes, b->bytes, CHECKSUM_SIZE) == 0;
}

bool checksum_is_zero(const struct checksum *checksum)
{
	static const struct checksum zero;

	return checksum_equal(checksum, &zero);
}

char *checksum_hex(const struct checksum *checksum, char hex[static CHECKSUM_HEX_SIZE])
{
	return hex_encode(checksum->bytes, CHECKSUM_SIZE, hex);
}

bool checksum_parse(const char *text, struct checksum *checksum)
{
	return hex_decode(text, checksum->bytes, CHECKSUM_SIZE);
}
