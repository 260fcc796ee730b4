/* SPDX-License-Identifier: BSD-2-Clause */
/* Whether the BTFs of a payload, which were reduced for its objects, serve another one. */
#ifndef DECIDE_COVERS_H
#define DECIDE_COVERS_H

#include <stdbool.h>

#include "core/object.h"
#include "payload/reader.h"

/*
 * Sets *covers when every relocation of asked is one of an object's that the payload has for arch:
 * the application's, a further one or the canary.
 */
int payload_covers(const struct payload *payload, const char *arch, struct object *asked,
		   bool *covers, struct error *err);

#endif
