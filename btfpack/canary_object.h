/* SPDX-License-Identifier: BSD-2-Clause */
/* The canary object (bpf/canary.bpf.c), which is built first and travels inside btfpack. */
#ifndef BTFPACK_CANARY_OBJECT_H
#define BTFPACK_CANARY_OBJECT_H

#include "lib/bytes.h"

extern const uint8_t canary_object_start[], canary_object_end[];

static inline struct slice canary_object(void)
{
	return slice_of(canary_object_start, (size_t)(canary_object_end - canary_object_start));
}

#endif
