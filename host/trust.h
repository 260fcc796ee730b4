/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whose signatures this host trusts, and what it asks for: ROOT/etc/btferry/btferry.conf
 *
 *     [trust]
 *     policy = require        # or prefer, which it is where nothing says otherwise; or off
 *
 * and the public keys of minisign in ROOT/etc/btferry/trusted.d/NAME.pub.  No package owns them,
 * and two applications share them (docs/security.md).
 */
#ifndef HOST_TRUST_H
#define HOST_TRUST_H

#include "payload/minisign.h"

enum trust_policy {
	TRUST_PREFER,            /* what is signed by a known key must verify */
	TRUST_REQUIRE,           /* and everything must be signed by one */
	TRUST_OFF,               /* no signature is looked at */
};

struct trusted_key {
	struct minisign_key key;
	char *path;              /* /etc/btferry/trusted.d/NAME.pub, for messages */
};

/* All zero: no key, and TRUST_PREFER. */
struct trust {
	enum trust_policy policy;
	struct trusted_key *keys;
	size_t count, capacity;
};

/*
 * Reads both below root (NULL for "/"); none of them need be there.  -EBADMSG: a file is damaged,
 * and none is skipped; -EPERM: others can change them.  trust_free() frees, after a failure, too.
 */
int trust_read(const char *root, struct trust *out, struct error *err);
void trust_free(struct trust *trust);

/* The key of this identity; NULL: none is trusted. */
const struct trusted_key *trust_find(const struct trust *trust,
				     const uint8_t id[static MINISIGN_ID_SIZE]);

#endif
