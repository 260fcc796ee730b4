/* SPDX-License-Identifier: BSD-2-Clause */
/* Command `status --live`: what the run that is going on has done, and does now. */
#ifndef INSTALLER_LIVE_H
#define INSTALLER_LIVE_H

#include <stdbool.h>

#include "lib/error.h"

/*
 * Asks twice, a second apart, at the socket at path; NULL: where the unit has it, below root.
 * Prints docs/schema/live.json if json.  STATUS_NO: nothing runs there.
 */
enum exit_status live(const char *root, const char *app, const char *path, bool json);

#endif
