// SPDX-License-Identifier: BSD-2-Clause
/* A program for the events of a cgroup's TCP sockets. */
#include "subject.h"

PASS("sockops", pass, 1)
