/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One currency for failures.  A function that can fail returns 0 or a negative errno and, where a
 * reader of the message needs more than that number, fills a struct error at the place that knows
 * the fact.  Callers add what they know on the way up; a program prints it once.
 *
 * Three errno values have a fixed meaning for input: -EBADMSG it is damaged, -ENOTSUP it is newer
 * than this program or of a kind that we refuse by name, -ENOENT there is no such entry.
 */
#ifndef LIB_ERROR_H
#define LIB_ERROR_H

/* Exit codes of every program; `btferry help` and the README list them. */
enum exit_status {
	STATUS_DONE = 0,        /* done, or: ready */
	STATUS_NO = 1,          /* a clear no: it will not run here */
	STATUS_USAGE = 2,       /* the command line is wrong */
	STATUS_NEEDS_BUILD = 3, /* a kernel-specific build is needed */
	STATUS_BLOCKED = 4,     /* blocked or not known: privilege or policy stands between */
	STATUS_DAMAGED = 5,     /* input damaged, unsigned or newer than this program */
	STATUS_SYSTEM = 6,      /* the system refused: I/O, memory, kernel */
};

/*
 * What failed; text reads "object: fact: reason" and holds no newline, nor anything else that would
 * steer a terminal (lib/plain.h), whatever the names in it are.
 */
struct error {
	int code; /* negative errno, 0 when nothing failed */
	char text[768];
};

#define ERROR_NONE ((struct error){ .code = 0 })

/* Records code and text (which replace what was there) and returns code.  err may be NULL. */
int error_set(struct error *err, int code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Like error_set(), and appends ": " and strerror(-code). */
int error_errno(struct error *err, int code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Puts "format: " before the text that is there; returns the recorded code. */
int error_wrap(struct error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/*
 * An analyzer that looks at one source at a time cannot know that these return what they are given,
 * and that it is negative; error.c has their names in parentheses, and so defines the functions.
 */
#ifdef __clang_analyzer__
static inline int error_given(int code)
{
	if (code >= 0)
		__builtin_unreachable();
	return code;
}
#define error_set(err, code, ...) (error_set(err, code, __VA_ARGS__), error_given(code))
#define error_errno(err, code, ...) (error_errno(err, code, __VA_ARGS__), error_given(code))
#endif

/* The exit code that a negative errno stands for when a command has no better one of its own. */
enum exit_status error_status(int code);

#endif
