// SPDX-License-Identifier: BSD-2-Clause
/* A raw tracepoint that no kernel has: it loads, and does not attach. */
#include "subject.h"

NOTHING("raw_tp/no_such_tracepoint", nowhere)
