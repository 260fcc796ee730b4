/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * BTF that describes a part of a kernel, as what is compiled from its headers does.  What is there
 * is as in the kernel; what is not there may be in the kernel all the same.  So a "yes" counts, and
 * a "no" counts only where the type that was asked about is there with all its members.
 */
#ifndef CORE_PARTIAL_H
#define CORE_PARTIAL_H

#include "core/reduce.h"

/* A type that questions start from, as it must be declared: "struct" and "task_struct". */
struct partial_root {
	const char *name;        /* without flavour: name_length bytes, no NUL behind them */
	uint32_t name_length;
	uint32_t kind;           /* BTF_KIND_STRUCT, _UNION, _ENUM, _TYPEDEF, _INT ... */
};

/* Root i below partial_root_count(); sorted, each name and kind once. */
size_t partial_root_count(const struct reloset *set);
struct partial_root partial_root(const struct reloset *set, size_t i);

/* True when the BTF has root i, whole: more than a forward declaration. */
bool partial_has_root(const struct reloset *set, size_t i, const struct btf_view *partial);

/*
 * Says for each question of set whether the kernel answers it as the partial BTF does, whose
 * answers these are: known has room for answers->count.  Returns the number of those that it
 * cannot be told of.
 */
size_t partial_known(const struct reloset *set, const struct btf_view *partial,
		     const struct answers *answers, bool *known);

#endif
