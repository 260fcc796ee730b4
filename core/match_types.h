/* SPDX-License-Identifier: BSD-2-Clause */
/* Comparing two whole types, as relocations about types do; core/ only. */
#ifndef CORE_MATCH_TYPES_H
#define CORE_MATCH_TYPES_H

#include "core/marks.h"

/*
 * 1 when the types are compatible (bpf_core_type_exists(), _size(), _id_kernel()): equal kinds
 * along pointers, arrays and function parameters; names and members do not count. 0 when not;
 * -EINVAL: nested too deep.
 */
int types_compatible(const struct btf_view *a, uint32_t a_id, const struct btf_view *b,
		     uint32_t b_id,
		     struct marks *marks);

/*
 * 1 when the types match (bpf_core_type_matches()): also names, sizes of integers and enums,
 * and every member and enumerator of a must be in b, down to the first pointer. 0 when not;
 * -EINVAL: too deep.
 */
int types_match(const struct btf_view *a, uint32_t a_id, const struct btf_view *b, uint32_t b_id,
		struct marks *marks);

#endif
