/* SPDX-License-Identifier: BSD-2-Clause */
/* Asking a run at its socket. */
#ifndef INSTALLER_LIVE_SOCKET_H
#define INSTALLER_LIVE_SOCKET_H

#include "lib/array.h"
#include "lib/error.h"

/*
 * Appends the metrics and a NUL.  -ENOENT, -ECONNREFUSED: nobody answers at path; -ETIMEDOUT: not
 * in time; -EBADMSG: it is not a run that answers; -EACCES.
 */
int live_ask(const char *path, struct buffer *out, struct error *err);

#endif
