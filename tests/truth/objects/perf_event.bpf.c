// SPDX-License-Identifier: BSD-2-Clause
/* A program for a perf event that its loader opens. */
#include "subject.h"

NOTHING("perf_event", on_sample)
