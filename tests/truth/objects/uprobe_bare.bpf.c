// SPDX-License-Identifier: BSD-2-Clause
/* A uprobe whose section does not say where: its own loader does. */
#include "subject.h"

NOTHING("uprobe", somewhere)
