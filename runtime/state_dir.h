/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where an application's installed state is: ROOT/var/lib/APP, and in it the symbolic link
 * `current`, which reads "gen/N" and nothing else.
 */
#ifndef RUNTIME_STATE_DIR_H
#define RUNTIME_STATE_DIR_H

#include <stdbool.h>

#include "lib/error.h"

/* Numbers are decimal without leading zeros, 1 .. STATE_MAX_GENERATION. */
enum { STATE_MAX_GENERATION = 999999999 };

#define STATE_CURRENT "current"
#define STATE_GENERATIONS "gen"

/*
 * The absolute path of ROOT/var/lib/APP for messages and for programs that take paths; root NULL is
 * "/".  The caller frees *path.  -EINVAL: app is no application name.
 */
int state_dir_path(const char *root, const char *app, char **path, struct error *err);

/*
 * Opens the state directory; the last component must be a directory, not a link to one.  Returns a
 * descriptor, -ENOENT when there is none, -EBADMSG when something else is in its place.
 */
int state_dir_open(const char *root, const char *app, struct error *err);

/* Reads "N"; false for anything else. */
bool state_parse_number(const char *text, unsigned *number);

/*
 * Reads `current` of an open state directory.  -ENOENT: there is none; -EBADMSG: it is not a
 * symbolic link of the form gen/N.  path names the state directory in messages.
 */
int state_dir_current(int fd, const char *path, unsigned *number, struct error *err);

#endif
