/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An INI file read strictly.  libinih finds sections, keys and values; what it would do silently is
 * an error here: it cuts long lines in two, shortens long section names and ignores empty sections.
 * Every error carries the line number, which libinih does not tell its handler.
 */
#ifndef PAYLOAD_INIFILE_H
#define PAYLOAD_INIFILE_H

#include <stdbool.h>

#include "lib/bytes.h"
#include "lib/error.h"

/* What libinih takes where nobody configured another limit; the same everywhere. */
enum { INIFILE_MAX_LINE = 199 };

struct inifile {
	const char *path;            /* for messages */
	void *user;
	/* Each returns 0, or a negative errno after inifile_refuse(), which ends the reading. */
	int (*on_section)(struct inifile *file, const char *name);
	int (*on_key)(struct inifile *file, const char *key, const char *value);

	unsigned int line;
	bool is_continuation;        /* the value is on an indented line below its key's */
	char section[INIFILE_MAX_LINE + 1];
	struct slice rest;
	struct error *err;
	int code;                    /* of the first error */
};

/* Reads text; path, user and the two functions are set by the caller. */
int inifile_parse(struct inifile *file, struct slice text, struct error *err);

/* Fills the error with "PATH: line N: ..." and returns -EBADMSG. */
int inifile_refuse(struct inifile *file, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
