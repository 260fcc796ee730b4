/* SPDX-License-Identifier: BSD-2-Clause */
/* Inside coverage: what objects come to on the kernels of one class. */
#ifndef BTFPACK_COVERAGE_OUTCOME_H
#define BTFPACK_COVERAGE_OUTCOME_H

#include "btfpack/coverage.h"

/* All objects for this architecture; -ENOMEM or 0.  coverage_outcome_free() frees. */
int coverage_outcome_judge(const struct coverage_subject *subject, const struct answers *answers,
			   const char *arch, struct coverage_outcome *outcome);
void coverage_outcome_free(struct coverage_outcome *outcome);

/* True when both say the same, however many kernels have them. */
bool coverage_outcome_same(const struct coverage_outcome *a, const struct coverage_outcome *b);

#endif
