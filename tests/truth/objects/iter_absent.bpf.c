// SPDX-License-Identifier: BSD-2-Clause
/* An iterator over what no kernel iterates. */
#include "subject.h"

NOTHING("iter/no_such_thing", nowhere)
