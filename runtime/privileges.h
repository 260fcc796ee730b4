/* SPDX-License-Identifier: BSD-2-Clause */
/* What a process may do, given up for good when it is no longer needed. */
#ifndef RUNTIME_PRIVILEGES_H
#define RUNTIME_PRIVILEGES_H

#include <stdbool.h>

#include "lib/error.h"

/*
 * Gives up every capability, but for those that bpf(2) takes if keep_bpf, and lets no program that
 * this one executes have more.  What cannot be given up is an error.
 */
int privileges_drop(bool keep_bpf, struct error *err);

#endif
