/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What to type where nothing can be built now: the commands that bring the headers of exactly this
 * kernel and a compiler, and the one that finishes.  Facts in, text or JSON out; no system call.
 */
#ifndef BUILDER_INSTRUCTIONS_H
#define BUILDER_INSTRUCTIONS_H

#include <stdbool.h>
#include <stdio.h>

#include <jansson.h>

#include "host/facts.h"
#include "lib/error.h"

struct instructions_request {
	const char *app;             /* the application's name */
	const char *command;         /* that starts this program, as a shell takes it */
	const struct os_release *os; /* all empty: not known */
	const char *release;         /* uname -r of the kernel to build for */
	const char *build;           /* its uname -v; "" when not known */
	const char *machine;         /* its uname -m */
	bool is_running;             /* it is the kernel that runs */
	bool is_root;                /* commands need no sudo */
	bool is_image;               /* an OSTree system, on which no package can be installed */
};

/*
 * Writes a shell script: the shortest way as commands, all else as comments.  -EINVAL for a name
 * that no command can hold (the error says which); -EIO when out did not take it.
 */
int instructions_write(const struct instructions_request *request, FILE *out, struct error *err);

/*
 * Writes a Containerfile that builds the same on another machine, and in front of it how to use it
 * and carry the result back.  Errors as above.
 */
int instructions_write_container(const struct instructions_request *request, FILE *out,
				 struct error *err);

/*
 * The same facts as docs/schema/instructions.json says; NULL as above, or when out of memory
 * (-ENOMEM).  The caller decrefs.
 */
json_t *instructions_json(const struct instructions_request *request, struct error *err);

#endif
