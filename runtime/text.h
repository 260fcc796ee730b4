/* SPDX-License-Identifier: BSD-2-Clause */
/* Bytes that somebody else chose, as JSON strings. */
#ifndef RUNTIME_TEXT_H
#define RUNTIME_TEXT_H

#include <jansson.h>

#include "lib/bytes.h"

/*
 * The bytes as a string; what is not UTF-8 (RFC 3629), and NUL, becomes `\xNN`, and a backslash
 * that could be mistaken for one `\x5c`.  NULL when out of memory.
 */
json_t *text_to_json(struct slice bytes);

/* The bytes up to the first NUL, or all. */
struct slice text_until_nul(struct slice bytes);

/* The bytes as hexadecimal digits. */
json_t *text_hex(struct slice bytes);

#endif
