// SPDX-License-Identifier: BSD-2-Clause
/* An freplace without a program that it would be put into. */
#include "subject.h"

NOTHING("freplace/nothing", instead)
