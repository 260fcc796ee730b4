// SPDX-License-Identifier: BSD-2-Clause
/* A traffic classifier: its loader names device and direction. */
#include "subject.h"

NOTHING("tc", pass)
