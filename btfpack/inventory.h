/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lists of hosts: CSV (RFC 4180) with a header, JSON objects with the same names, and documents of
 * facts, as `check --facts` writes them; one or many in a file.  docs/coverage.md has the names.
 */
#ifndef BTFPACK_INVENTORY_H
#define BTFPACK_INVENTORY_H

#include <jansson.h>

#include "host/facts.h"

struct inventory_host {
	const char *name;        /* as it calls itself; else file and row, which nobody can log in to */
	bool has_name;
	const struct facts *facts; /* of a plain list only what that says; the rest is unknown */
	const json_t *document;  /* of facts; NULL for a plain list */
};

/* Called for each host, which lives until it returns; what is no 0 ends the reading. */
typedef int (*inventory_take)(const struct inventory_host *host, void *context, struct error *err);

/*
 * Reads text, which name is for messages.  -EBADMSG: it is neither, or a host lacks arch or
 * release; -ENOTSUP: facts of a newer schema.  Errors name the row.
 */
int inventory_parse(struct slice text, const char *name, inventory_take take, void *context,
		    struct error *err);

/* The same from a file; "-" is standard input. */
int inventory_read(const char *path, inventory_take take, void *context, struct error *err);

#endif
