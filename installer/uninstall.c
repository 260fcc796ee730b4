/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Command `uninstall`: removes ROOT/var/lib/APP whole.  Everything in it is looked at before
 * anything is removed: what an install did not put there is named, and nothing goes.  Nothing
 * installed is fine (exit 0): the state that was asked for is there.  epoch.json stays unless it is
 * purged (installer/epoch.h).
 *
 * `current` goes first, then the generations, each out of its number's place before it is
 * deleted.  So an uninstall that is killed leaves what the next install or uninstall knows how to
 * sweep.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/console.h"
#include "lib/file.h"
#include "runtime/beneath.h"
#include "runtime/plan_json.h"
#include "runtime/state_dir.h"

#include "installer/install.h"
#include "installer/sweep.h"

static bool is_ours(const char *name)
{
	static const char *const NAMES[] = {
		".", "..", STATE_LOCK, STATE_CURRENT, STATE_CURRENT_NEW, STATE_GENERATIONS,
		STATE_EPOCH, STATE_EPOCH_NEW,
	};
	size_t i;

	for (i = 0; i < sizeof(NAMES) / sizeof(NAMES[0]); i++)
		if (!strcmp(name, NAMES[i]))
			return true;
	return false;
}

static int check_entries(int state_fd, const char *path, struct error *err)
{
	int fd = openat(state_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), code = 0;
	DIR *entries = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;

	if (!entries) {
		code = error_errno(err, -errno, "%s", path);
		if (fd >= 0)
			close(fd);
		return code;
	}
	while (!code && (errno = 0, entry = readdir(entries)))
		if (!is_ours(entry->d_name))
			code = error_set(err, -EBADMSG, "%s/%s: was not put there by an install: "
					 "move it away; nothing is removed", path, entry->d_name);
	if (!code && errno)
		code = error_errno(err, -errno, "%s", path);
	closedir(entries);
	return code;
}

/* What makes a numbered folder a generation is its plan. */
static int check_generations(const struct state *state, const struct generation_numbers *numbers,
			     struct error *err)
{
	char plan[64];
	struct stat st;
	size_t i;
	int fd, code;

	for (i = 0; i < numbers->count; i++) {
		snprintf(plan, sizeof(plan), "%u/" PLAN_FILE, numbers->items[i]);
		fd = beneath_open(state->gen_fd, plan, O_PATH);
		code = fd < 0 ? fd : fstat(fd, &st) < 0 ? -errno : 0;
		if (fd >= 0)
			close(fd);
		if (code && code != -ENOENT && code != -ENOTDIR && code != -ELOOP)
			return error_errno(err, code, "%s/gen/%s", state->path, plan);
		if (code || !S_ISREG(st.st_mode))
			return error_set(err, -EBADMSG, "%s/gen/%u: has no " PLAN_FILE
					 ", so it is no generation: nothing is removed",
					 state->path, numbers->items[i]);
	}
	return 0;
}

static int remove_generations(struct state *state, const struct generation_numbers *numbers,
			      struct error *err)
{
	int code = 0;
	size_t i;

	state->current = 0;
	for (i = numbers->count; !code && i > 0; i--)
		code = sweep_generation(state, numbers->items[i - 1], err);
	if (!code)
		code = sweep_leftovers(state, err);
	if (!code && unlinkat(state->fd, STATE_GENERATIONS, AT_REMOVEDIR) < 0)
		code = error_errno(err, -errno, "%s/" STATE_GENERATIONS, state->path);
	return code;
}

static int find_epoch(const struct state *state, bool *is_there, struct error *err)
{
	*is_there = faccessat(state->fd, STATE_EPOCH, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
	return *is_there || errno == ENOENT ? 0 :
	       error_errno(err, -errno, "%s/" STATE_EPOCH, state->path);
}

/*
 * The lock file goes last but for the folder: who waits for it sees that it is gone, and starts
 * anew.  Where the epoch stays, so does the folder.
 */
static int remove_folder(const struct state *state, bool epoch_stays, struct error *err)
{
	char *parent;
	int code;

	if (!epoch_stays && unlinkat(state->fd, STATE_EPOCH, 0) < 0 && errno != ENOENT)
		return error_errno(err, -errno, "%s/" STATE_EPOCH, state->path);
	if (unlinkat(state->fd, STATE_LOCK, 0) < 0)
		return error_errno(err, -errno, "%s/" STATE_LOCK, state->path);
	if (epoch_stays) {
		code = file_sync(state->fd);
		return code ? error_errno(err, code, "%s: its removal cannot be synced", state->path) : 0;
	}
	if (rmdir(state->path) < 0)
		return error_errno(err, -errno, "%s", state->path);
	parent = strndup(state->path, (size_t)(strrchr(state->path, '/') - state->path));
	code = parent ? dir_sync(AT_FDCWD, parent) : -ENOMEM;
	free(parent);
	return code ? error_errno(err, code, "%s: its removal cannot be synced", state->path) : 0;
}

/* `current` is durably gone before anything that it leads to is touched. */
static int remove_state(struct state *state, const struct generation_numbers *numbers,
			bool epoch_stays, struct error *err)
{
	int code = 0;

	if (unlinkat(state->fd, STATE_CURRENT, 0) < 0 && errno != ENOENT)
		code = -errno;
	if (!code)
		code = file_sync(state->fd);
	if (code)
		return error_errno(err, code, "%s/" STATE_CURRENT, state->path);
	if (state->gen_fd >= 0)
		code = remove_generations(state, numbers, err);
	else
		code = sweep_leftovers(state, err);
	return code ? code : remove_folder(state, epoch_stays, err);
}

/* Before the lock, which is a file too: a folder that is not ours gets none. */
static int check_before(const char *root, const char *app, struct error *err)
{
	char *path = NULL;
	int fd, code;

	code = state_dir_path(root, app, &path, err);
	if (code)
		return code;
	fd = state_dir_open(root, app, err);
	if (fd < 0) {
		free(path);
		return fd;
	}
	code = check_entries(fd, path, err);
	close(fd);
	free(path);
	return code;
}

/* *removed: the folder, the caller frees; *epoch_stays: alone, in that. */
static int remove_all(const char *root, const char *app, bool purge, char **removed,
		      bool *epoch_stays, struct error *err)
{
	struct generation_numbers numbers = { 0 };
	struct state state;
	bool was_here;
	int code;

	code = check_before(root, app, err);
	if (code)
		return code;
	code = state_enter_existing(root, app, &state, err);
	if (code)
		return code;
	code = check_entries(state.fd, state.path, err);
	if (!code && state.gen_fd >= 0)
		code = sweep_list(&state, &numbers, err);
	if (!code && state.gen_fd >= 0)
		code = check_generations(&state, &numbers, err);
	if (!code && !purge)
		code = find_epoch(&state, epoch_stays, err);
	/* An uninstall was here before. */
	was_here = !code && *epoch_stays && state.gen_fd < 0 && !state.current;
	if (!code)
		code = was_here ? remove_folder(&state, true, err)
				: remove_state(&state, &numbers, *epoch_stays, err);
	if (!code && was_here)
		code = -ENOENT;
	if (!code)
		*removed = strdup(state.path);
	free(numbers.items);
	state_leave(&state);
	return code;
}

enum exit_status uninstall(const char *root, const char *app, bool purge)
{
	struct error err = ERROR_NONE;
	char *removed = NULL;
	bool epoch_stays = false;
	int code;

	code = remove_all(root, app, purge, &removed, &epoch_stays, &err);
	if (code == -ENOENT) {
		printf("%s: nothing is installed\n", app);
		return STATUS_DONE;
	}
	if (code) {
		if ((code != -EACCES && code != -EPERM) || geteuid() == 0)
			return console_fail("uninstall", &err);
		console_error("uninstall: %s: only root can uninstall", err.text);
		return error_status(code);
	}
	if (epoch_stays)
		printf("%s: %s is removed but for " STATE_EPOCH ", so that nothing older is installed by "
		       "accident; `uninstall --purge` removes it\n", app, removed ? removed : "its state");
	else
		printf("%s: %s is removed\n", app, removed ? removed : "its state");
	free(removed);
	return STATUS_DONE;
}
