// SPDX-License-Identifier: BSD-2-Clause
/* Every program is only loaded on demand: nothing would run. */
#include "subject.h"

NOTHING("?raw_tp/sched_process_exec", on_demand)
