/* SPDX-License-Identifier: BSD-2-Clause */
/* The end of a run: what came of every event. */
#ifndef RUNTIME_FINISH_H
#define RUNTIME_FINISH_H

#include "runtime/events.h"

/* Programs that were detached may still run on another CPU: waits until none does. */
void wait_for_programs(void);

/* Says how many events were sent, lost, written and not written, as far as that is known. */
void tell_totals(const struct events *events);

#endif
