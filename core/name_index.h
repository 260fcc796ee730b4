/* SPDX-License-Identifier: BSD-2-Clause */
/* Finding the candidates of all groups in one pass over a kernel's types; core/ only. */
#ifndef CORE_NAME_INDEX_H
#define CORE_NAME_INDEX_H

#include "core/candidates.h"

/*
 * Appends to the table of each group of set the ids of the types that have its name, without
 * flavour, and its kind, in the order of the ids. False when out of memory.
 */
bool name_index_collect(const struct reloset *set, const struct btf_view *kernel,
			struct candidates *tables);

#endif
