/* SPDX-License-Identifier: BSD-2-Clause */
/* Which payload and which application a command is about. */
#ifndef INSTALLER_LOCATE_H
#define INSTALLER_LOCATE_H

#include "loader/admit.h"

/*
 * Opens the payload, if it is admitted: the named file (NULL: none is named), else the one inside
 * this program, else /usr/share/APP/APP.payload where APP is what the program was started as
 * (unless that is `btferry`).  -ENOENT: there is none, and the error says how to name one;
 * -EKEYREJECTED: this host does not want it.  admitted_close() frees, after a failure, too.
 */
int locate_payload(const struct trust *trust, const char *named, const char *program,
		   struct admitted *out, struct error *err);

/*
 * The application: named, else the payload's (NULL: none at hand), else what the program was
 * started as.  NULL, with the error set, when none of them tells.
 */
const char *locate_app(const char *named, const struct payload *payload, const char *program,
		       struct error *err);

#endif
