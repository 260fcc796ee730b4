// SPDX-License-Identifier: BSD-2-Clause
/* An iterator over tasks. */
#include "subject.h"

NOTHING("iter/task", each_task)
