/* SPDX-License-Identifier: BSD-2-Clause */
/* One event record as JSON (docs/schema/event.json). */
#ifndef RUNTIME_RENDER_H
#define RUNTIME_RENDER_H

#include <jansson.h>

#include "lib/bytes.h"
#include "loader/clock.h"

#include "runtime/event_layouts.h"

/*
 * The record as an object.  Members that the record ends before are left out, the one that it ends
 * in is cut.  A record of unknown type shows as event "unknown" with its bytes; a shorter one than
 * its header says as event "damaged"; where there are no layouts, each as event "record", and so
 * does one that the object's one struct does not fit.  NULL when out of memory.
 */
json_t *render(const struct event_layouts *layouts, const struct clock *clock, struct slice record);

#endif
