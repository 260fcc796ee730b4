/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What libbpf says.  It speaks to one callback per process, in many lines, of which few matter:
 * they are kept, and shown only when something failed or when asked for.
 */
#ifndef LOADER_LIBBPF_LOG_H
#define LOADER_LIBBPF_LOG_H

#include <stdbool.h>

enum libbpf_log_mode {
	LIBBPF_LOG_ON_FAILURE,   /* warnings are printed when something failed: libbpf_log_print() */
	LIBBPF_LOG_VERBOSE,      /* everything is printed to standard error at once */
	LIBBPF_LOG_SILENT,       /* nothing is printed; whoever started takes the text */
};

/* Starts keeping warnings, with an empty log. */
void libbpf_log_start(enum libbpf_log_mode mode);
enum libbpf_log_mode libbpf_log_mode(void);

/* The warnings since the start, of very many the first and the last; until the next start. */
const char *libbpf_log_text(void);

/*
 * The text between begin and end in the log, copied to out; false when there is no such place.  For
 * finding the one fact in a message of libbpf or the verifier.
 */
bool libbpf_log_find(const char *begin, const char *end, char *out, int size);

/* Prints the warnings to standard error, as they are, where the mode is to do it on failure. */
void libbpf_log_print(void);

#endif
