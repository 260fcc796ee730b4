/* SPDX-License-Identifier: BSD-2-Clause */
/* Sizes as people write them: 65536, 256K, 4M. */
#ifndef LIB_SIZE_H
#define LIB_SIZE_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Decimal bytes, or KiB with K, MiB with M; false for anything else and for what 64 bits cannot
 * hold.
 */
bool size_parse(const char *text, uint64_t *bytes);

/* True for what a ring buffer can be: a power of two from one page of 4096 to 1 GiB. */
bool size_is_buffer(uint64_t bytes);

#endif
