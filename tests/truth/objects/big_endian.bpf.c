// SPDX-License-Identifier: BSD-2-Clause
/* Compiled for a processor of the other byte order. */
#include "subject.h"

NOTHING("raw_tp/sched_process_exec", on_exec)
