// SPDX-License-Identifier: BSD-2-Clause
/* One program is only loaded on demand, and could not be: the object is ready without it. */
#include "subject.h"

NOTHING("raw_tp/sched_process_exec", on_exec)
NOTHING("?fentry/no_such_function", on_demand)
