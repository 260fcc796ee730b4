/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What libbpf says.  It speaks to one callback per process, in many lines, of which few matter:
 * they are kept, and shown only when something failed or when asked for.
 */
#ifndef LOADER_LIBBPF_LOG_H
#define LOADER_LIBBPF_LOG_H

#include <stdbool.h>

/* Starts keeping warnings, with an empty log; verbose prints everything to standard error too. */
void libbpf_log_start(bool verbose);
bool libbpf_log_is_verbose(void);

/* The warnings since the start; valid until the next start. */
const char *libbpf_log_text(void);

/*
 * The text between begin and end in the log, copied to out; false when there is no such place.  For
 * finding the one fact in a message of libbpf or the verifier.
 */
bool libbpf_log_find(const char *begin, const char *end, char *out, int size);

/* Prints the warnings to standard error, as they are; nothing when they were printed already. */
void libbpf_log_print(void);

#endif
