// SPDX-License-Identifier: BSD-2-Clause
/* A flow dissector for a network namespace. */
#include "subject.h"

NOTHING("flow_dissector", dissect)
