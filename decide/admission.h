/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whether a file may be used, by what its signature came to and what this host asks for.  Pure.
 *
 *                     require      prefer            off
 *     good            yes          yes               (not looked at)
 *     none            no           yes, told
 *     unknown key     no           yes, told
 *     bad, damaged    no           no
 *
 * Somebody who can change a payload can also remove its signature: what "prefer" is good for is
 * told in docs/security.md.
 */
#ifndef DECIDE_ADMISSION_H
#define DECIDE_ADMISSION_H

#include <stdbool.h>

#include "host/trust.h"

/* What a signature came to. */
enum signature_state {
	SIGNATURE_UNSEEN,        /* nobody looked: policy off */
	SIGNATURE_NONE,
	SIGNATURE_UNKNOWN_KEY,
	SIGNATURE_BAD,           /* of a known key, over something else */
	SIGNATURE_GOOD,
};

/* "not looked at", "none", "of an unknown key", ... */
const char *signature_state_name(enum signature_state state);

struct signature_facts {
	enum signature_state state;
	uint8_t id[MINISIGN_ID_SIZE];    /* of the key; where there is a signature */
	const char *key_path;            /* of a known key; lives as long as the trust */
	bool is_kept;                    /* of something that is installed already */
	uint64_t epoch;                  /* what a good signature over a payload says; else 0 */
};

struct admission {
	bool is_admitted;
	/* Why not, or what to be told; "" where there is nothing to tell. */
	char reason[640];
};

/* 0, or -EKEYREJECTED with the reason. */
int admission_result(const struct admission *admission, struct error *err);

/* name is the file's, for the reason. */
struct admission admission_decide(const struct trust *trust, const struct signature_facts *facts,
				  const char *name);

/*
 * For something that was admitted before, and is installed: key is the identity of the key that
 * signed it, as minisign prints it, NULL where none did; remedy what to do about it.
 */
struct admission admission_again(const struct trust *trust, const char *key, const char *name,
				 const char *remedy);

#endif
