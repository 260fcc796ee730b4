/* SPDX-License-Identifier: BSD-2-Clause */
/* Values of JSON as text for people (lib/plain.h). */
#ifndef RUNTIME_PLAIN_VALUE_H
#define RUNTIME_PLAIN_VALUE_H

#include <jansson.h>

#include "lib/array.h"

/*
 * Strings as they are, in quotes where they could be taken for something else; [ITEM ITEM];
 * {NAME=VALUE NAME=VALUE}.  -ENOMEM.
 */
int plain_append_value(struct buffer *out, const json_t *value);

#endif
