/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Values for the kernel options that an object asks for (`extern int CONFIG_HZ __kconfig`).
 * libbpf fails when it finds no configuration file, even where every extern is weak; so it gets
 * one explicit line for each.
 */
#ifndef LOADER_EXTERNS_H
#define LOADER_EXTERNS_H

#include "core/object.h"
#include "host/kconfig.h"
#include "lib/array.h"

/* True when the object asks for a kernel option. */
bool externs_ask(const struct object *object);

/*
 * Appends the lines, NUL-terminated, taken from a configuration (NULL: there is none).  A
 * weak extern that is not set gets n, 0 or "".  -ENODATA: one that is not weak is not set, or not
 * known; it is named.
 */
int externs_write(const struct object *object, const struct kconfig *config, struct buffer *out,
		  struct error *err);

#endif
