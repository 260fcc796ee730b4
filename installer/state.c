/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/owner.h"
#include "lib/console.h"
#include "lib/file.h"
#include "runtime/generation.h"
#include "runtime/state_dir.h"

#include "installer/state.h"

/* Uninstalls that may come between before we give up. */
enum { MAX_TRIES = 100 };

/* Makes ROOT/var/lib/APP. */
static int make_state_dir(const struct state *state, struct error *err)
{
	char *parent;
	int code;

	parent = strdup(state->path);
	if (!parent)
		return error_errno(err, -ENOMEM, "%s", state->path);
	*strrchr(parent, '/') = '\0';
	code = dir_make(AT_FDCWD, parent, 0755, err);
	if (!code && mkdir(state->path, 0755) < 0 && errno != EEXIST)
		code = error_errno(err, -errno, "%s: cannot make the directory", state->path);
	free(parent);
	return code;
}

/* gen/, and which generation is current. */
static int open_generations(struct state *state, bool make, struct error *err)
{
	char path[PATH_MAX];
	int code;

	if (make && mkdirat(state->fd, STATE_GENERATIONS, 0755) < 0 && errno != EEXIST)
		return error_errno(err, -errno, "%s/" STATE_GENERATIONS, state->path);
	state->gen_fd = openat(state->fd, STATE_GENERATIONS,
			       O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (state->gen_fd < 0 && (errno == ELOOP || errno == ENOTDIR))
		return error_set(err, -EBADMSG, "%s/" STATE_GENERATIONS ": is no directory",
				 state->path);
	if (state->gen_fd < 0 && (make || errno != ENOENT))
		return error_errno(err, -errno, "%s/" STATE_GENERATIONS, state->path);
	if (state->gen_fd >= 0) {
		snprintf(path, sizeof(path), "%s/" STATE_GENERATIONS, state->path);
		code = owner_check(state->gen_fd, path, err);
		if (code)
			return code;
	}
	code = state_dir_current(state->fd, state->path, &state->current, err);
	return code == -ENOENT ? 0 : code;
}

static int take_lock(int fd, int how)
{
	while (flock(fd, how) < 0)
		if (errno != EINTR)
			return -errno;
	return 0;
}

static int wait_for_lock(const struct state *state)
{
	int code = take_lock(state->lock_fd, LOCK_EX | LOCK_NB);

	if (!code)
		return 0;
	if (code == -ENOSYS) { /* small kernels without CONFIG_FILE_LOCKING */
		console_warn("%s: this kernel has no file locks; do not run two installers at once",
			     state->path);
		return 0;
	}
	if (code != -EWOULDBLOCK)
		return code;
	console_note("%s: another installer is at work there, waiting for it", state->path);
	return take_lock(state->lock_fd, LOCK_EX);
}

/*
 * -ESTALE: while we waited, an uninstall removed the lock file or the whole directory, and what we
 * hold guards nothing.
 */
static int lock(struct state *state, struct error *err)
{
	struct stat held, there;
	int code;

	state->lock_fd = file_open(state->fd, STATE_LOCK,
				   O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0600);
	if (state->lock_fd == -ENOENT)
		return -ESTALE;
	if (state->lock_fd < 0)
		return error_errno(err, state->lock_fd, "%s/" STATE_LOCK, state->path);
	code = wait_for_lock(state);
	if (!code && fstat(state->lock_fd, &held) < 0)
		code = -errno;
	if (code)
		return error_errno(err, code, "%s/" STATE_LOCK, state->path);
	if (fstatat(state->fd, STATE_LOCK, &there, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? -ESTALE : error_errno(err, -errno, "%s/" STATE_LOCK,
							       state->path);
	if (held.st_dev != there.st_dev || held.st_ino != there.st_ino)
		return -ESTALE;
	return 0;
}

static int enter_once(const char *root, const char *app, bool make, struct state *out,
		      struct error *err)
{
	int code;

	*out = (struct state){ .fd = -1, .gen_fd = -1, .lock_fd = -1 };
	code = state_dir_path(root, app, &out->path, err);
	if (!code && make)
		code = make_state_dir(out, err);
	if (!code)
		out->fd = code = state_dir_open(root, app, err);
	if (code >= 0)
		code = owner_check(out->fd, out->path, err);
	if (!code)
		code = lock(out, err);
	if (!code)
		code = open_generations(out, make, err);
	if (code)
		state_leave(out);
	return code;
}

static int enter(const char *root, const char *app, bool make, struct state *out,
		 struct error *err)
{
	int code = -ESTALE, tries;

	/* A file system may have its own reason for ESTALE, and that one stays. */
	for (tries = 0; code == -ESTALE && tries < MAX_TRIES; tries++)
		code = enter_once(root, app, make, out, err);
	if (code == -ESTALE)
		error_set(err, code, "%s: its state was removed %d times while it was being locked: "
			  "try again", app, MAX_TRIES);
	return code;
}

int state_enter(const char *root, const char *app, struct state *out, struct error *err)
{
	return enter(root, app, true, out, err);
}

int state_enter_existing(const char *root, const char *app, struct state *out, struct error *err)
{
	return enter(root, app, false, out, err);
}

int state_look(const char *root, const char *app, struct state *out, struct error *err)
{
	int code;

	*out = (struct state){ .fd = -1, .gen_fd = -1, .lock_fd = -1 };
	code = state_dir_path(root, app, &out->path, err);
	if (!code)
		out->fd = code = state_dir_open(root, app, err);
	if (code >= 0)
		code = owner_check(out->fd, out->path, err);
	if (!code)
		code = open_generations(out, false, err);
	if (code)
		state_leave(out);
	return code;
}

/*
 * ROOT, var and lib may be as new as what is in them.  What stands on another file system is not:
 * we make no mounts.
 */
int state_sync(const struct state *state)
{
	static const char *const PARENTS[] = { "..", "../..", "../../.." };
	struct stat own, parent;
	int code = file_sync(state->fd);
	size_t i;

	if (!code && fstat(state->fd, &own) < 0)
		code = -errno;
	for (i = 0; !code && i < sizeof(PARENTS) / sizeof(PARENTS[0]); i++) {
		if (fstatat(state->fd, PARENTS[i], &parent, 0) < 0)
			code = -errno;
		else if (parent.st_dev != own.st_dev)
			break;
		else
			code = dir_sync(state->fd, PARENTS[i]);
	}
	return code;
}

void state_leave(struct state *state)
{
	if (state->gen_fd >= 0)
		close(state->gen_fd);
	if (state->lock_fd >= 0)
		close(state->lock_fd);
	if (state->fd >= 0)
		close(state->fd);
	free(state->path);
	*state = (struct state){ .fd = -1, .gen_fd = -1, .lock_fd = -1 };
}
