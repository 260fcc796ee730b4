/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Events as lines for people: time, event, pid, uid, comm, and then the rest as name=value in the
 * order of the struct (docs/objects.md, "The table").
 */
#ifndef RUNTIME_TABLE_H
#define RUNTIME_TABLE_H

#include <jansson.h>

#include "lib/array.h"

/* Where the lines go. */
struct table {
	bool terminal;               /* with a header, as wide as it is, and alerts in colour */
	bool has_header;             /* it was printed */
};

/*
 * Appends the line of an event as render() gives it, and the header before the first one; -ENOMEM.
 * On a terminal it asks how wide that is.
 */
int table_append(struct table *table, const json_t *event, struct buffer *out);

#endif
