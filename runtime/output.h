/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where the lines go: standard output, or a file that others rotate.
 *
 * Lines are collected and written whole, many in one write(2).  A file is never the end of a run:
 * what cannot be written is counted and told, and writing goes on when it can.  Standard output is
 * never waited for here: a reader that does not read leaves lines pending, and who calls stops
 * reading events then, so that the kernel counts what is lost.
 */
#ifndef RUNTIME_OUTPUT_H
#define RUNTIME_OUTPUT_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/array.h"
#include "lib/error.h"

/* Beyond so many bytes that nobody takes, no more should be rendered. */
enum { OUTPUT_ENOUGH = 256 * 1024 };

struct output;

struct output_counts {
	uint64_t lines;              /* written whole */
	uint64_t bytes;              /* written */
	uint64_t unwritten;          /* lines that could not be */
	uint64_t errors;             /* write(2) that failed */
};

/*
 * Opens path to append, made with mode 0640 if need be; NULL is standard output.  -ENOTSUP: it is
 * no regular file or device.  output_close() frees, and does not write.
 */
int output_open(const char *path, struct output **out, struct error *err);
void output_close(struct output *output);

/* To append one or more whole lines to, each with its newline. */
struct buffer *output_buffer(struct output *output);

/*
 * Writes what is pending, as far as that goes without waiting.  Fails for standard output only:
 * -EPIPE its reader is gone, and what else write(2) says; err is filled.
 */
int output_write(struct output *output, struct error *err);

/* Bytes that wait for standard output's reader. */
size_t output_pending(const struct output *output);

/* The descriptor to watch for room, or for a reader that goes away; -1 for a file. */
int output_fd(const struct output *output);

/* The file's path; NULL for standard output and devices, which nobody rotates. */
const char *output_file(const struct output *output);

/* Opens the file anew, where it is now; nothing for what nobody rotates. */
void output_reopen(struct output *output);

/* Warns when this process, as it is now, cannot make the file anew once it is renamed. */
void output_check_folder(const struct output *output);

/*
 * The last write: to where the file is now, and to standard output with some patience.  What stays
 * is counted as not written.
 */
int output_finish(struct output *output, struct error *err);

struct output_counts output_counts(const struct output *output);

#endif
