/* SPDX-License-Identifier: BSD-2-Clause */
/* The time that goes into what is made: SOURCE_DATE_EPOCH, which makes it reproducible, or now. */
#ifndef BTFPACK_SOURCE_DATE_H
#define BTFPACK_SOURCE_DATE_H

#include <time.h>

#include "lib/error.h"

/* Seconds since 1970; -EINVAL: the variable is no number of seconds up to 2^32 - 1. */
int source_date(time_t *out, struct error *err);

#endif
