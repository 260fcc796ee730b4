/* SPDX-License-Identifier: BSD-2-Clause */
/* Makes a trial that failed as small as it can be and still fail. */
#ifndef TESTS_ORACLE_MINIMIZE_H
#define TESTS_ORACLE_MINIMIZE_H

#include "tests/oracle/generate.h"

void trial_minimize(struct trial *trial);

/* Types as in C, each with its number, and the relocations. */
void trial_print(const struct trial *trial, FILE *out);

#endif
