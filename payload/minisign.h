/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Signatures in minisign's format: Ed25519 over the BLAKE2b-512 of a file, and once more over that
 * signature and a comment, which is thereby as true as the file.  `minisign -V` verifies what this
 * verifies.  Sources: the manual page minisign(1), RFC 8032, RFC 7693.
 *
 * A public key file has two lines: a comment, and base64 of "Ed", the key's identity (8 bytes), the
 * key (32).  A signature file has four: a comment; base64 of "ED", the key's identity, the
 * signature (64); "trusted comment: " and the comment; base64 of the second signature (64).  The
 * first line of either is signed by nobody.
 */
#ifndef PAYLOAD_MINISIGN_H
#define PAYLOAD_MINISIGN_H

#include <stdbool.h>

#include "lib/array.h"
#include "lib/error.h"

#define MINISIGN_SUFFIX ".minisig"

enum {
	MINISIGN_ID_SIZE = 8,
	MINISIGN_ID_TEXT = 2 * MINISIGN_ID_SIZE + 1,
	MINISIGN_KEY_SIZE = 32,
	MINISIGN_SIGNATURE_SIZE = 64,
	MINISIGN_HASH_SIZE = 64,
	MINISIGN_MAX_COMMENT = 1023, /* bytes, of what we read; minisign writes up to 8191 */
	MINISIGN_MAX_FILE = 4096,    /* of a file with either */
};

struct minisign_key {
	uint8_t id[MINISIGN_ID_SIZE];
	uint8_t key[MINISIGN_KEY_SIZE];
};

struct minisign_signature {
	uint8_t id[MINISIGN_ID_SIZE]; /* of the key that made it */
	uint8_t signature[MINISIGN_SIGNATURE_SIZE];
	uint8_t comment_signature[MINISIGN_SIGNATURE_SIZE];
	char comment[MINISIGN_MAX_COMMENT + 1];
};

/*
 * Read a file's text, of which nothing was checked; name is for messages.  -EBADMSG: it is none;
 * -ENOTSUP: a kind that is not read here (without hashing first, as minisign -l makes it).
 */
int minisign_key_read(struct slice text, const char *name, struct minisign_key *out,
		      struct error *err);
int minisign_signature_read(struct slice text, const char *name, struct minisign_signature *out,
			    struct error *err);

/*
 * A key file, public or secret: a comment, then base64 of exactly size bytes, and nothing behind.
 */
bool minisign_file_bytes(struct slice text, uint8_t *out, size_t size);

/*
 * The identity as minisign prints it: up to 16 capital hexadecimal digits and a NUL; returns text.
 */
char *minisign_id_text(const uint8_t id[static MINISIGN_ID_SIZE],
		       char text[static MINISIGN_ID_TEXT]);

/* What of a file is signed; -EIO: libsodium cannot be used here. */
int minisign_hash(struct slice bytes, uint8_t hash[static MINISIGN_HASH_SIZE]);

/*
 * 0: key signed these bytes and the comment; -EBADMSG: it did not, or has another identity; -EIO as
 * above.
 */
int minisign_verify(const struct minisign_signature *signature, const struct minisign_key *key,
		    struct slice bytes);

#endif
