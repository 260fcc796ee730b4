/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a person reads while a program works: diagnostics and progress on standard error.  Results
 * go to standard output and are not this module's business.  Libraries do not print; programs and
 * their commands do, through here, so that each line has the same shape:
 *
 *     program: step: object: fact: reason
 *
 * In systemd's journal, each line has its priority.
 */
#ifndef LIB_CONSOLE_H
#define LIB_CONSOLE_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/error.h"

/* Names the program in every line; quiet silences notes, warnings and progress, never errors. */
void console_init(const char *program, bool quiet);
void console_set_quiet(bool quiet);
const char *console_program(void);

/* "program: format" on standard error. */
void console_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
void console_warn(const char *format, ...) __attribute__((format(printf, 1, 2)));
void console_note(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Prints "program: step: err->text" and returns the exit code that the error stands for. */
enum exit_status console_fail(const char *step, const struct error *err);

/*
 * One line that overwrites itself, on a terminal only; nothing elsewhere.  total 0 ends it and
 * clears the line.
 */
void console_progress(const char *what, size_t done, size_t total);

/*
 * ANSI start and end of emphasis for standard output; "" when it is no terminal or NO_COLOR is
 * set.
 */
const char *console_bold(void);
const char *console_green(void);
const char *console_red(void);
const char *console_yellow(void);
const char *console_plain(void);

#endif
