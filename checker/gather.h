/* SPDX-License-Identifier: BSD-2-Clause */
/* Puts the questions that follow from an object's needs, and collects what answers them. */
#ifndef CHECKER_GATHER_H
#define CHECKER_GATHER_H

#include "checker/report.h"

/*
 * Fills report->evidence from facts, answers and trial.  What the trial has shown is not asked
 * again, unless thorough: for facts that are to be judged elsewhere.
 */
int gather(struct report *report, bool thorough, struct error *err);

#endif
