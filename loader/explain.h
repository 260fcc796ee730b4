/* SPDX-License-Identifier: BSD-2-Clause */
/* Why libbpf or the kernel refused, in words that lead somewhere. */
#ifndef LOADER_EXPLAIN_H
#define LOADER_EXPLAIN_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/error.h"

/* What kind of thing was in the way. */
enum load_cause {
	CAUSE_REFUSED,           /* EPERM, EACCES, and no word from the verifier */
	CAUSE_SHORTAGE,          /* memory and the like: says nothing about the host's ability */
	CAUSE_RELOCATION,        /* a field or type that is not there, or is ambiguous */
	CAUSE_KERNEL_BTF,        /* the kernel's own BTF, and there is none */
	CAUSE_TARGET,            /* what a program attaches to is not in the kernel's BTF */
	CAUSE_MAP,               /* a map could not be created */
	CAUSE_VERIFIER,
	CAUSE_OTHER,
};

/* From the negative errno of a failed load and from libbpf's log. */
enum load_cause explain_cause(int code);

/* The program that libbpf could not load, from its log; "" when it names none. */
void explain_program(char *name, size_t size);

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
