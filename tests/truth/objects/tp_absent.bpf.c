// SPDX-License-Identifier: BSD-2-Clause
/* A tracepoint that no kernel has. */
#include "subject.h"

NOTHING("tp/sched/no_such_event", nowhere)
