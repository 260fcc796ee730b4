/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Inside host/: a configuration as a part of facts, {"path", "complete", "options": {"CONFIG_X":
 * "y"}}, with values as Kconfig writes them ("y", "m", "n", "250", "\"text\"").
 *
 * Facts that are taken to be judged elsewhere carry all options, as text, because an object may
 * ask for any (`extern int CONFIG_X __kconfig`), and because that way they can be read and compared
 * by people.  Where facts are only shown with a verdict, the options of the list are enough:
 * complete is false then, and what is not among them reads back as unknown.
 */
#ifndef HOST_KCONFIG_JSON_H
#define HOST_KCONFIG_JSON_H

#include "host/facts.h"

/* NULL when out of memory. */
json_t *kconfig_to_json(const struct facts *facts, bool whole);

/* Fills kconfig, kconfig_path and kconfig_error; document NULL: nothing was recorded. */
int kconfig_from_json(const json_t *document, struct facts *out, struct error *err);

#endif
