/* SPDX-License-Identifier: BSD-2-Clause */
/* Why libbpf or the kernel refused, in words that lead somewhere. */
#ifndef LOADER_EXPLAIN_H
#define LOADER_EXPLAIN_H

#include <stdbool.h>

#include "lib/error.h"

/*
 * Fills err from the negative errno of a failed load of object and from libbpf's log, and returns
 * the exit code that it stands for.  The log is printed where it holds more than err says, unless
 * quiet.
 */
enum exit_status explain_load(int code, const char *object, bool quiet, struct error *err);

/* The same for a program that could not be attached. */
enum exit_status explain_attach(int code, const char *object, const char *program,
				const char *section, struct error *err);

#endif
