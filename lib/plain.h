/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Text for people.  What somebody else chose never steers a terminal: control characters, those
 * that turn the direction of what follows, and bytes that are no UTF-8 are shown byte by byte as
 * \xNN.
 */
#ifndef LIB_PLAIN_H
#define LIB_PLAIN_H

#include <stdbool.h>

#include "lib/array.h"

/* Appends text so; -ENOMEM. */
int plain_append(struct buffer *out, struct slice text);

/* The same of a C string. */
int plain_append_name(struct buffer *out, const char *text);

/* The same into size bytes, of which one is NUL; what has no room is cut off. */
void plain_copy(char *out, size_t size, const char *text);

/* A copy of all of it, which the caller frees; NULL when out of memory. */
char *plain_dup(const char *text);

/* True when nothing of text would be shown as \xNN. */
bool plain_is(const char *text);

#endif
