/* SPDX-License-Identifier: BSD-2-Clause */
/* What to do where no BTF can be had: the commands of this distribution, for this release. */
#ifndef DECIDE_REMEDY_H
#define DECIDE_REMEDY_H

#include "host/facts.h"

/*
 * Writes how to get this kernel's debug information, pack it, and install again as app; and how to
 * name files that are there already.
 */
void remedy_no_btf(const struct facts *facts, const char *app, char *text, size_t size);

#endif
