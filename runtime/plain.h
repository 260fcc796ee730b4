/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Text for people.  What came from the kernel never steers a terminal: control characters, and
 * those that turn the direction of what follows, are shown byte by byte as \xNN.
 */
#ifndef RUNTIME_PLAIN_H
#define RUNTIME_PLAIN_H

#include <jansson.h>

#include "lib/array.h"

/* Appends text; bytes that are no UTF-8 are shown likewise.  -ENOMEM. */
int plain_append(struct buffer *out, struct slice text);

/* The same of a C string. */
int plain_append_name(struct buffer *out, const char *text);

/*
 * A value of JSON: strings as they are, in quotes where they could be taken for something else;
 * [ITEM ITEM]; {NAME=VALUE NAME=VALUE}.
 */
int plain_append_value(struct buffer *out, const json_t *value);

#endif
