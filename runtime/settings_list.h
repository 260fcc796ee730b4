/* SPDX-License-Identifier: BSD-2-Clause */
/* `run --settings`: what can be set in the object, and what it is set to. */
#ifndef RUNTIME_SETTINGS_LIST_H
#define RUNTIME_SETTINGS_LIST_H

#include "runtime/run.h"

/*
 * Prints the settings of the object that these options would run, with the manifest's and the given
 * values: for people, or as docs/schema/settings.json.
 */
enum exit_status run_settings(const struct run_options *options, bool json);

#endif
