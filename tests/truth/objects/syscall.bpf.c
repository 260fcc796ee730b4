// SPDX-License-Identifier: BSD-2-Clause
/* A program that is only ever run by hand; it may sleep. */
#include "subject.h"

NOTHING("syscall", by_hand)
