/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The members or enumerators of a type that stay, in the order in which they are written; core/
 * only.
 */
#ifndef CORE_PARTS_H
#define CORE_PARTS_H

#include "core/marks.h"

struct part {
	const char *name;        /* "" for an anonymous member */
	uint32_t index;          /* in the kernel's type */
};

/*
 * Gives the marked parts of a struct, union or enum, as many as its mark has; the caller frees.
 * NULL when out of memory. By name, except where a name comes twice (which C forbids but BTF
 * does not): then the first one is found first, and order is a property.
 */
struct part *parts_sorted(const struct marks *marks, uint32_t id);

#endif
