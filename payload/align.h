/* SPDX-License-Identifier: BSD-2-Clause */
/* Which items of two sequences correspond; build host only. */
#ifndef PAYLOAD_ALIGN_H
#define PAYLOAD_ALIGN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ALIGN_NONE UINT32_MAX

/*
 * Sets partner[i] to the number of the item of a that item i of b corresponds to, or ALIGN_NONE.
 * Partners have equal keys and stand in the same order; most that can be are found, not always
 * all.  -ENOMEM.
 */
int align_sequences(const uint64_t *a, size_t a_count, const uint64_t *b, size_t b_count,
		    uint32_t *partner);

#endif
