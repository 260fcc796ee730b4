/* SPDX-License-Identifier: BSD-2-Clause */
/* Whether what is to be installed is installed already. */
#ifndef INSTALLER_INSTALLED_H
#define INSTALLER_INSTALLED_H

#include <stdbool.h>

#include "lib/bytes.h"

/*
 * True when the current generation of app below root has this very plan, and every byte of it is
 * in place.  Whatever is wrong with it otherwise, a new generation is the repair; a disk that
 * cannot be read is told.
 */
bool installed_is(const char *root, const char *app, struct slice plan);

#endif
