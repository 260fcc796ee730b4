// SPDX-License-Identifier: BSD-2-Clause
/* A sleepable iterator over tasks. */
#include "subject.h"

NOTHING("iter.s/task", each_task)
