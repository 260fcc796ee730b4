/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A secret key file of minisign (`minisign -G` makes it): a comment, and base64 of what kind it is,
 * how it is encrypted (scrypt with a password, or not at all), the key's identity and the key.
 */
#ifndef BTFPACK_SECRET_KEY_H
#define BTFPACK_SECRET_KEY_H

#include "payload/minisign.h"

enum { SECRET_KEY_SIZE = 64 };

struct secret_key {
	uint8_t id[MINISIGN_ID_SIZE];
	uint8_t key[SECRET_KEY_SIZE];
};

/*
 * Reads the file, and decrypts it with the password that the first line of password_file has, or,
 * where that is NULL, that is typed on the terminal.  -EBADMSG: no such key; -EACCES: the password
 * is wrong, or there is nobody to ask.  Wipe it with sodium_memzero() when it is not needed any
 * more.
 */
int secret_key_read(const char *path, const char *password_file, struct secret_key *out,
		    struct error *err);

#endif
