/* SPDX-License-Identifier: BSD-2-Clause */
/* Constants that are set in an object (`const volatile T name`) before it is loaded. */
#ifndef LOADER_VARIABLE_H
#define LOADER_VARIABLE_H

#include <bpf/libbpf.h>

#include "lib/error.h"

/* Sets the constant of up to 8 bytes; -ENOENT: the object has none of that name. */
int variable_set(struct bpf_object *object, const char *name, uint64_t value, struct error *err);

#endif
