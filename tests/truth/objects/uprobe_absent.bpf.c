// SPDX-License-Identifier: BSD-2-Clause
/* A uprobe on a function that the C library does not have. */
#include "subject.h"

NOTHING("uprobe/libc.so.6:no_such_function", nowhere)
