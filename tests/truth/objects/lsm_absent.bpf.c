// SPDX-License-Identifier: BSD-2-Clause
/* A hook that no security module has. */
#include "subject.h"

NOTHING("lsm/no_such_hook", nowhere)
