/* SPDX-License-Identifier: BSD-2-Clause */
/* What a process may do, given up for good when it is no longer needed. */
#ifndef RUNTIME_PRIVILEGES_H
#define RUNTIME_PRIVILEGES_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/error.h"

/* Holds back every capability until privileges_drop() gives them back, or up for good. */
int privileges_suspend(struct error *err);

/*
 * Gives up every capability, but for those that bpf(2) takes if keep_bpf, and lets no program that
 * this one executes have more.  What cannot be given up is an error.
 */
int privileges_drop(bool keep_bpf, struct error *err);

/* The permitted capabilities, a bit for each CAP_ number; all where that cannot be asked. */
uint64_t privileges_held(void);

/* Their names, with a space between; "" for none.  Returns text. */
enum { PRIVILEGES_NAMES_SIZE = 1024 };
char *privileges_names(uint64_t capabilities, char text[static PRIVILEGES_NAMES_SIZE]);

/* Whether no_new_privs is set. */
bool privileges_are_final(void);

#endif
