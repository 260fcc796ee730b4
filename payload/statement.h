/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a payload's signature says of it, in the signature's trusted comment: one line of JSON, as
 *
 *     {"app":"demo","arch":["arm64","x86_64"],"epoch":1764000000,"payload":1,"version":"0.1"}
 *
 * or, over a whole .run, "run":1 in the place of "payload":1.  So `minisign -V` shows it.  The
 * epoch is a number that grows with each release; a host that has seen one does not go back behind
 * it by accident, or because somebody offers it an old payload with its old and good signature.
 */
#ifndef PAYLOAD_STATEMENT_H
#define PAYLOAD_STATEMENT_H

#include "payload/reader.h"

enum { STATEMENT_SCHEMA = 1 };

enum statement_kind { STATEMENT_PAYLOAD, STATEMENT_RUN };

/* Above it, not every reader of JSON has whole numbers. */
#define STATEMENT_MAX_EPOCH ((uint64_t)1 << 53)

/* Appends it, without an end of line; epoch: 1 to STATEMENT_MAX_EPOCH. */
int statement_write(const struct payload *payload, enum statement_kind kind, uint64_t epoch,
		    struct buffer *out, struct error *err);

/*
 * Reads the comment of a signature over this payload, whose name is for messages.  -EBADMSG: it
 * says nothing, or it is about something else; -ENOTSUP: it is newer.
 */
int statement_check(const char *comment, const struct payload *payload, const char *name,
		    uint64_t *epoch, struct error *err);

#endif
