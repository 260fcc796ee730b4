/* SPDX-License-Identifier: BSD-2-Clause */
/* From everything that was found to one word, one reason and one remedy. */
#ifndef CHECKER_VERDICT_H
#define CHECKER_VERDICT_H

#include "checker/report.h"

/*
 * Fills verdict, status, reason and remedy.  Only what this object needs can fail it; the strongest
 * reason comes first.
 */
void verdict_conclude(struct report *report);

#endif
