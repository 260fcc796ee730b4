/* SPDX-License-Identifier: BSD-2-Clause */
/* Under which terms a package's files stand: the application's, and the target program's. */
#ifndef BTFPACK_COPYRIGHT_H
#define BTFPACK_COPYRIGHT_H

#include "btfpack/bundle.h"

/* Sets LICENSE, COPYRIGHT and the texts of both licences, for a machine-readable copyright file. */
int copyright_values(struct bundle *bundle, struct error *err);

#endif
