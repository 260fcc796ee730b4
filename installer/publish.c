/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The order of steps is what makes it hold: each file is synced before the folder that names it,
 * the folder before the rename that makes it a generation, that rename before the one that makes
 * it current.  No step depends on a file system keeping two renames in order.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/console.h"
#include "lib/file.h"
#include "runtime/plan_json.h"
#include "runtime/state_dir.h"

#include "installer/installed.h"
#include "installer/publish.h"
#include "installer/sweep.h"

/* The folders of a generation; always there, so that other loaders need not ask. */
static const char *const FOLDERS[] = { "btf", "kconfig" };
enum { FOLDER_COUNT = sizeof(FOLDERS) / sizeof(FOLDERS[0]) };

static bool is_always_there(const char *folder)
{
	size_t i;

	for (i = 0; i < FOLDER_COUNT; i++)
		if (!strcmp(folder, FOLDERS[i]))
			return true;
	return false;
}

/*
 * Writes bytes that somebody may be changing meanwhile: each is read once, for the disk and for the
 * digest.  -EBADMSG: they are not what was decided on.
 */
static int write_checked(int fd, struct slice bytes, const struct digest *expected)
{
	uint8_t copy[16 * 1024];
	struct digest_state state;
	struct digest written;
	int code = 0;

	digest_init(&state);
	while (!code && bytes.size > 0) {
		size_t size = bytes.size < sizeof(copy) ? bytes.size : sizeof(copy);

		memcpy(copy, bytes.data, size);
		digest_update(&state, copy, size);
		code = file_write_all(fd, slice_of(copy, size));
		bytes = slice_of(bytes.data + size, bytes.size - size);
	}
	written = digest_final(&state);
	return code ? code : digest_compare(&written, expected) ? -EBADMSG : 0;
}

/* expected: the digest that the bytes must have on the way, NULL where nobody can change them. */
static int write_file(int dir_fd, const char *path, struct slice bytes,
		      const struct digest *expected)
{
	int fd, code, end;

	fd = file_open(dir_fd, path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0600);
	if (fd < 0)
		return fd;
	code = expected ? write_checked(fd, bytes, expected) : file_write_all(fd, bytes);
	if (!code)
		code = file_set_mode(fd, 0644);
	if (!code)
		code = file_sync(fd);
	end = file_close(fd);
	return code ? code : end;
}

/* A file, or one more name for an equal one; file systems without hard links get a second copy. */
static int write_content(int dir_fd, const struct contents *contents, size_t i)
{
	const struct content_file *file = &contents->files[i];
	const struct content_file *twin = contents_twin(contents, i);

	if (twin && linkat(dir_fd, twin->path, dir_fd, file->path, 0) == 0)
		return 0;
	if (twin && errno != EPERM && errno != EOPNOTSUPP && errno != EMLINK)
		return -errno;
	return write_file(dir_fd, file->path, file->bytes, file->is_mapped ? &file->digest : NULL);
}

/*
 * Calls visit for each folder that files lie in, the outer one first, once: files are sorted, so
 * those of one folder stand together.
 */
static int each_folder(int dir_fd, const struct contents *contents, const char **at,
		       int (*visit)(int dir_fd, const char *path))
{
	static char folder[PATH_MAX];
	const char *before = "", *path, *slash;
	size_t i, length;
	int code;

	for (i = 0; i < FOLDER_COUNT; i++) {
		*at = FOLDERS[i];
		code = visit(dir_fd, FOLDERS[i]);
		if (code)
			return code;
	}
	for (i = 0; i < contents->count; before = path, i++) {
		path = contents->files[i].path;
		for (slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/')) {
			length = (size_t)(slash - path);
			snprintf(folder, sizeof(folder), "%.*s", (int)length, path);
			if (!strncmp(before, path, length + 1) || is_always_there(folder))
				continue;
			*at = folder;
			code = visit(dir_fd, folder);
			if (code)
				return code;
		}
	}
	return 0;
}

static int make_folder(int dir_fd, const char *path)
{
	return mkdirat(dir_fd, path, 0755) < 0 ? -errno : 0;
}

/*
 * Writes and syncs everything below the new folder dir_fd; *at is what it was about when it
 * failed.
 */
static int write_all(int dir_fd, const struct contents *contents, struct slice plan,
		     const char **at)
{
	size_t i;
	int code;

	code = each_folder(dir_fd, contents, at, make_folder);
	if (code)
		return code;
	for (i = 0; i < contents->count; i++) {
		*at = contents->files[i].path;
		code = write_content(dir_fd, contents, i);
		if (code)
			return code;
	}
	for (i = 0; i < contents->link_count; i++) {
		*at = contents->links[i];
		if (symlinkat(CONTENTS_KERNEL_BTF, dir_fd, contents->links[i]) < 0)
			return -errno;
	}
	*at = PLAN_FILE;
	code = write_file(dir_fd, PLAN_FILE, plan, NULL);
	if (!code)
		code = each_folder(dir_fd, contents, at, dir_sync);
	return code ? code : file_sync(dir_fd);
}

/* The folder under its temporary name; what was written of it is removed again on failure. */
static int write_temporary(const struct state *state, const char *name,
			   const struct contents *contents, struct slice plan, struct error *err)
{
	const char *at = name;
	int dir_fd = -1, code = 0;

	if (mkdirat(state->gen_fd, name, 0755) < 0)
		return error_errno(err, -errno, "%s/gen/%s", state->path, name);
	dir_fd = openat(state->gen_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	code = dir_fd < 0 ? -errno : write_all(dir_fd, contents, plan, &at);
	if (dir_fd >= 0)
		close(dir_fd);
	if (!code)
		return 0;
	if (code == -EBADMSG)
		error_set(err, code, "%s: writing %s: it was changed meanwhile: install again",
			  state->path, at);
	else
		error_errno(err, code, "%s: writing %s", state->path, at);
	sweep_temporary(state, name, NULL);
	return code;
}

/* File systems that do not know the flag are safe too: we hold the lock, and the number is free. */
static int rename_new(int dir_fd, const char *from, const char *to)
{
	if (renameat2(dir_fd, from, dir_fd, to, RENAME_NOREPLACE) == 0)
		return 0;
	if (errno != EINVAL && errno != ENOSYS)
		return -errno;
	return renameat(dir_fd, from, dir_fd, to) < 0 ? -errno : 0;
}

/*
 * Lets `current` lead to generation number, durably.  The sync before it is for gen/, which may be
 * as new as `current`.
 */
static int set_current(const struct state *state, unsigned number)
{
	char target[32];
	int code;

	snprintf(target, sizeof(target), STATE_GENERATIONS "/%u", number);
	code = file_sync(state->fd);
	if (!code && symlinkat(target, state->fd, STATE_CURRENT_NEW) < 0)
		code = -errno;
	if (!code && renameat(state->fd, STATE_CURRENT_NEW, state->fd, STATE_CURRENT) < 0)
		code = -errno;
	return code ? code : state_sync(state);
}

/* Durable with the next sync of the state directory, which comes before `current` is renamed. */
static int set_epoch(const struct state *state, struct slice epoch)
{
	int code;

	if (!epoch.size)
		return 0;
	code = write_file(state->fd, STATE_EPOCH_NEW, epoch, NULL);
	if (!code && renameat(state->fd, STATE_EPOCH_NEW, state->fd, STATE_EPOCH) < 0)
		code = -errno;
	return code;
}

/*
 * From a temporary folder to the current generation.  The epoch comes first: should the power fail
 * between the two, something older is refused too early rather than let in.
 */
static int make_current(const struct state *state, const char *temporary, struct slice epoch,
			unsigned number)
{
	char name[16];
	int code;

	snprintf(name, sizeof(name), "%u", number);
	code = set_epoch(state, epoch);
	if (!code)
		code = rename_new(state->gen_fd, temporary, name);
	if (!code)
		code = file_sync(state->gen_fd);
	return code ? code : set_current(state, number);
}

/* What is installed already may not be durable yet: the install before may have been killed. */
static int keep(const struct state *state, struct slice epoch, struct error *err)
{
	int code = sweep_leftovers(state, err);

	if (code)
		return code;
	code = set_epoch(state, epoch);
	if (!code)
		code = state_sync(state);
	return code ? error_errno(err, code, "%s: cannot be synced", state->path) : 0;
}

/*
 * Undoes what can be undone.  The failure may have come after the renaming of `current` (its
 * sync), so what is current is asked again before anything newer is removed.
 */
static void abandon(struct state *state)
{
	if (!state_dir_current(state->fd, state->path, &state->current, NULL) || !state->current)
		sweep_leftovers(state, NULL);
}

static int publish_new(struct state *state, const struct contents *contents, struct slice plan,
		       struct slice epoch, struct error *err)
{
	/* The number is free: sweep_leftovers() removes what is newer than the current one. */
	unsigned number = state->current + 1;
	char temporary[32];
	uint32_t random;
	int code;

	if (number > STATE_MAX_GENERATION)
		return error_set(err, -EOVERFLOW,
				 "%s: no generation number is left: uninstall first", state->path);
	code = sweep_leftovers(state, err);
	if (code)
		return code;
	if (getrandom(&random, sizeof(random), GRND_NONBLOCK) != sizeof(random))
		random = (uint32_t)getpid(); /* early at boot; the lock makes any name do */
	snprintf(temporary, sizeof(temporary), STATE_TEMPORARY "%08x", random);
	code = write_temporary(state, temporary, contents, plan, err);
	if (code)
		return code;
	code = make_current(state, temporary, epoch, number);
	if (code) {
		error_errno(err, code, "%s: generation %u cannot be made current", state->path,
			    number);
		abandon(state);
		return code;
	}
	state->current = number;
	return 0;
}

int publish_in(struct state *state, const char *root, const char *app,
	       const struct contents *contents, struct slice plan, struct slice epoch,
	       struct publication *out, struct error *err)
{
	struct error problem;
	int code;

	*out = (struct publication){ 0 };
	out->was_there = state->current && installed_is(root, app, plan);
	code = out->was_there ? keep(state, epoch, err)
			     : publish_new(state, contents, plan, epoch, err);
	/* Also when nothing was new: the install before may have been killed just here. */
	if (!code && sweep_old(state, &problem))
		console_warn("%s", problem.text);
	out->number = state->current;
	if (asprintf(&out->path, "%s/" STATE_GENERATIONS "/%u", state->path, state->current) < 0) {
		out->path = NULL;
		code = error_errno(err, -ENOMEM, "%s", state->path);
	}
	return code;
}
