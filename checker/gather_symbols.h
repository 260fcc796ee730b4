/* SPDX-License-Identifier: BSD-2-Clause */
/* Inside checker/: the kernel's symbols that an object asks for, in one pass over their list. */
#ifndef CHECKER_GATHER_SYMBOLS_H
#define CHECKER_GATHER_SYMBOLS_H

#include "checker/report.h"

/*
 * Fills the places of kprobes and the answers about __ksym symbols in report->evidence, whose
 * features and trial are there already; thorough as in gather().
 */
int gather_symbols(struct report *report, bool thorough, struct error *err);

#endif
