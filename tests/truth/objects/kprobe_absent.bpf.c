// SPDX-License-Identifier: BSD-2-Clause
/* A kprobe on a function that no kernel has. */
#include "subject.h"

NOTHING("kprobe/no_such_function", nowhere)
