// SPDX-License-Identifier: BSD-2-Clause
/* A raw tracepoint that every kernel has: the plainest yes. */
#include "subject.h"

NOTHING("raw_tp/sched_process_exec", on_exec)
