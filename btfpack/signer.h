/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who signs what is written, in minisign's format (payload/minisign.h), and what the signatures
 * say.
 */
#ifndef BTFPACK_SIGNER_H
#define BTFPACK_SIGNER_H

#include <getopt.h>

#include "btfpack/secret_key.h"

/* As the command line has it. */
struct sign_options {
	const char *key;         /* a secret key file; NULL: nothing is signed */
	const char *password_file; /* that has its password; NULL: it is asked for */
	uint64_t epoch;          /* payload/statement.h; 0: the time, or SOURCE_DATE_EPOCH */
};

/*
 * Rows of getopt_long(3) for them, and what each does; STATUS_USAGE: its value is wrong, as said.
 */
enum { SIGN_OPTION = 1000, SIGN_PASSWORD_FILE, SIGN_EPOCH };
#define SIGN_OPTIONS \
	{ "sign", required_argument, NULL, SIGN_OPTION }, \
	{ "password-file", required_argument, NULL, SIGN_PASSWORD_FILE }, \
	{ "epoch", required_argument, NULL, SIGN_EPOCH }
#define SIGN_HELP \
	"      --sign KEY       sign with this secret key of minisign; the signature is OUT.minisig,\n" \
	"                       and a .run carries one inside, too\n" \
	"      --password-file FILE   the key's password is its first line; else it is asked for\n" \
	"      --epoch N        what hosts go by so as not to go back; the time unless given\n"

/* True when option is one of them; *status is its outcome then. */
bool sign_take_option(int option, const char *value, struct sign_options *out,
		      enum exit_status *status);

struct signer {
	struct secret_key key;
	uint64_t epoch;
};

/*
 * Reads the key, and asks for its password, so that this happens before the work and not after it.
 * *out is NULL where nothing is to be signed.  signer_close() wipes it.
 */
int signer_open(const struct sign_options *options, struct signer **out, struct error *err);
void signer_close(struct signer *signer);

/* Appends the text of a signature file over a payload, whose name is for messages. */
int signer_sign_payload(const struct signer *signer, struct slice payload, const char *name,
			struct buffer *out, struct error *err);

/* The same over a whole .run that carries this payload. */
int signer_sign_run(const struct signer *signer, struct slice run, struct slice payload,
		    const char *name, struct buffer *out, struct error *err);

/*
 * Writes text as path.minisig; where it is empty, one that is there is removed: what it was for is
 * gone.
 */
int signature_publish(const char *path, struct slice text, struct error *err);

#endif
