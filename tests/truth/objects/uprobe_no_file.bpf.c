// SPDX-License-Identifier: BSD-2-Clause
/* A uprobe in a program that is not there. */
#include "subject.h"

NOTHING("uprobe//no/such/program:main", nowhere)
