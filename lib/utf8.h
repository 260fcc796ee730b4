/* SPDX-License-Identifier: BSD-2-Clause */
/* UTF-8 (RFC 3629), as far as it matters here: which bytes are a character. */
#ifndef LIB_UTF8_H
#define LIB_UTF8_H

#include "lib/bytes.h"

/* Length of the well-formed character at i < bytes.size; 0: there is none, or a NUL. */
size_t utf8_length(struct slice bytes, size_t i);

/* True when all of it is well-formed characters. */
bool utf8_is_valid(struct slice bytes);

#endif
