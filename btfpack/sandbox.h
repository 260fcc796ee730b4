/* SPDX-License-Identifier: BSD-2-Clause */
/* What the unit has to leave open for an object, and nothing more. */
#ifndef BTFPACK_SANDBOX_H
#define BTFPACK_SANDBOX_H

#include "btfpack/bundle.h"

/* Sets the values that the unit's template has for what the object's programs need. */
int sandbox_values(struct bundle *bundle, const struct object *object, struct error *err);

#endif
