/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Writing the reduced BTF: of a kernel's types just what the marks say was looked at. core/
 * only.
 */
#ifndef CORE_EMIT_H
#define CORE_EMIT_H

#include "lib/array.h"

#include "core/candidates.h"

/*
 * Appends a BTF blob that holds the candidates of all tables, in this order, and what they lead to.
 * -ENOMEM.
 */
int emit_btf(const struct reloset *set, const struct candidates *tables,
	     const struct btf_view *kernel, const struct marks *marks, struct buffer *out);

#endif
