/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The state directory of an application, held for changing it: one installer at a time.  The lock
 * is an flock(2) on a file that only its owner can open; a lock on the directory itself could be
 * taken by everybody who may read it.
 */
#ifndef INSTALLER_STATE_H
#define INSTALLER_STATE_H

#include "lib/error.h"

#define STATE_LOCK "lock"
#define STATE_CURRENT_NEW "current.tmp"
#define STATE_EPOCH "epoch.json"   /* installer/epoch.h */
#define STATE_EPOCH_NEW "epoch.tmp"
#define STATE_TEMPORARY ".tmp-"

struct state {
	char *path;              /* absolute: ROOT/var/lib/APP */
	int fd;                  /* of that */
	int gen_fd;              /* of gen/ in it; -1 when there is none */
	int lock_fd;
	unsigned current;        /* number of the current generation, 0 when there is none */
};

/*
 * Takes the state directory, waiting while somebody else has it, and makes what is missing of it.
 * -EBADMSG: what is there is not an installer's; -EPERM: others could change it.  state_leave()
 * ends it.
 */
int state_enter(const char *root, const char *app, struct state *out, struct error *err);

/* The same without making anything but the lock; -ENOENT when there is no state directory. */
int state_enter_existing(const char *root, const char *app, struct state *out, struct error *err);

/* The same for reading: no lock is taken, and nothing is written. */
int state_look(const char *root, const char *app, struct state *out, struct error *err);

/*
 * Makes durable which names the state directory has, and the way to it from ROOT; 0 or a negative
 * errno.
 */
int state_sync(const struct state *state);

void state_leave(struct state *state);

#endif
