// SPDX-License-Identifier: BSD-2-Clause
/* A filter of a cgroup's connects: the kind of attachment is part of what loads. */
#include "subject.h"

PASS("cgroup/connect4", pass, 1)
