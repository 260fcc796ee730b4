// SPDX-License-Identifier: BSD-2-Clause
/* A program that chooses sockets for a network namespace. */
#include "subject.h"

PASS("sk_lookup", pass, SK_PASS)
