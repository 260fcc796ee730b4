/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Finding a relocation's way in a kernel's type: the rules of libbpf's relo_core.c for fields
 * (fields are compatible), for types (types are compatible, types match) and for enumerators.
 * core/ only.
 */
#ifndef CORE_MATCH_H
#define CORE_MATCH_H

#include "core/marks.h"
#include "core/spec.h"

/*
 * Looks for what local asks for in the candidate, a type id of btf with the right name and kind.
 * Returns 1 and fills *target when it is there, 0 when it is not, or the negative errno with which
 * libbpf gives up.  What was looked at is noted in marks, which may be NULL.
 */
int match(const struct spec *local, const struct btf_view *btf, uint32_t candidate,
	  struct spec *target, struct marks *marks);

#endif
