// SPDX-License-Identifier: BSD-2-Clause
/* A uprobe on a function of the C library. */
#include "subject.h"

NOTHING("uprobe/libc.so.6:malloc", on_malloc)
