/* SPDX-License-Identifier: BSD-2-Clause */
/* Whether a BTF that was reduced for some objects serves another one. */
#ifndef DECIDE_COVERS_H
#define DECIDE_COVERS_H

#include <stdbool.h>

#include "core/object.h"
#include "lib/error.h"

/* Sets *covers when every relocation of asked is one of the packed objects'. */
int packed_covers(struct object *const *packed, size_t count, struct object *asked, bool *covers,
		  struct error *err);

#endif
