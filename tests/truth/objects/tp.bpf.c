// SPDX-License-Identifier: BSD-2-Clause
/* A tracepoint: attaching it needs tracefs and perf_event_open(2). */
#include "subject.h"

NOTHING("tp/sched/sched_process_exec", on_exec)
