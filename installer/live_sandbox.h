/* SPDX-License-Identifier: BSD-2-Clause */
/* What a run says of its sandbox (docs/sandbox.md); one of an older version says nothing. */
#ifndef INSTALLER_LIVE_SANDBOX_H
#define INSTALLER_LIVE_SANDBOX_H

#include <jansson.h>

/* Sets "sandbox" of a document, from a run's metrics. */
void live_sandbox_add(const char *metrics, json_t *document);

/* The same as a line for people. */
void live_sandbox_print(const char *metrics);

#endif
