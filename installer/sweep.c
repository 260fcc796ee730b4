/* SPDX-License-Identifier: BSD-2-Clause */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/array.h"
#include "lib/file.h"
#include "runtime/generation.h"
#include "runtime/state_dir.h"

#include "installer/sweep.h"

/* A generation is two folders deep, what `build` makes is not much more. */
enum { SWEEP_MAX_DEPTH = 16 };

/* A stream over the folder's entries, with a position of its own. */
static DIR *open_entries(int dir_fd, const char *name)
{
	int fd = openat(dir_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *entries = fd < 0 ? NULL : fdopendir(fd);
	int code = errno;

	if (fd >= 0 && !entries)
		close(fd);
	errno = code;
	return entries;
}

static bool is_self_or_parent(const char *name)
{
	return !strcmp(name, ".") || !strcmp(name, "..");
}

static int remove_tree(int dir_fd, const char *name, unsigned depth)
{
	struct dirent *entry;
	DIR *entries;
	int code = 0;

	if (unlinkat(dir_fd, name, 0) == 0 || errno == ENOENT)
		return 0;
	if (errno != EISDIR && errno != EPERM)
		return -errno;
	if (depth == SWEEP_MAX_DEPTH)
		return -ELOOP;
	entries = open_entries(dir_fd, name);
	if (!entries)
		return -errno;
	while (!code && (errno = 0, entry = readdir(entries)))
		if (!is_self_or_parent(entry->d_name))
			code = remove_tree(dirfd(entries), entry->d_name, depth + 1);
	if (!code && errno)
		code = -errno;
	closedir(entries);
	if (!code && unlinkat(dir_fd, name, AT_REMOVEDIR) < 0)
		code = -errno;
	return code;
}

int sweep_temporary(const struct state *state, const char *name, struct error *err)
{
	int code = remove_tree(state->gen_fd, name, 0);

	if (code)
		return error_errno(err, code, "%s/" STATE_GENERATIONS "/%s: cannot be removed",
				   state->path, name);
	return 0;
}

static int compare_numbers(const void *a, const void *b)
{
	unsigned left = *(const unsigned *)a, right = *(const unsigned *)b;

	return (left > right) - (left < right);
}

static bool is_temporary(const char *name)
{
	return !strncmp(name, STATE_TEMPORARY, strlen(STATE_TEMPORARY));
}

static int list_entry(const char *name, struct generation_numbers *out)
{
	unsigned number;

	if (is_self_or_parent(name) || is_temporary(name))
		return 0;
	if (!state_parse_number(name, &number))
		return -EBADMSG;
	if (array_grow(&out->items, out->count, &out->capacity))
		return -ENOMEM;
	out->items[out->count++] = number;
	return 0;
}

int sweep_list(const struct state *state, struct generation_numbers *out, struct error *err)
{
	struct dirent *entry;
	DIR *entries;
	int code = 0;

	*out = (struct generation_numbers){ 0 };
	entries = open_entries(state->gen_fd, ".");
	if (!entries)
		return error_errno(err, -errno, "%s/gen", state->path);
	while (!code && (errno = 0, entry = readdir(entries))) {
		code = list_entry(entry->d_name, out);
		if (code == -EBADMSG)
			error_set(err, code, "%s/gen/%s: was not put there by an install: move it away",
				  state->path, entry->d_name);
		else if (code)
			error_errno(err, code, "%s/gen", state->path);
	}
	if (!code && errno)
		code = error_errno(err, -errno, "%s/gen", state->path);
	closedir(entries);
	if (code) {
		free(out->items);
		*out = (struct generation_numbers){ 0 };
	} else if (out->count) {
		qsort(out->items, out->count, sizeof(*out->items), compare_numbers);
	}
	return code;
}

int sweep_generation(const struct state *state, unsigned number, struct error *err)
{
	char name[16], doomed[32];
	int code = 0;

	snprintf(name, sizeof(name), "%u", number);
	snprintf(doomed, sizeof(doomed), STATE_TEMPORARY "old-%u", number);
	if (renameat(state->gen_fd, name, state->gen_fd, doomed) < 0)
		code = -errno;
	/* A power cut must not bring back the number for what is half deleted. */
	if (!code)
		code = file_sync(state->gen_fd);
	if (code)
		return error_errno(err, code, "%s/" STATE_GENERATIONS "/%s: cannot be removed",
				   state->path, name);
	return sweep_temporary(state, doomed, err);
}

static int remove_temporaries(const struct state *state, struct error *err)
{
	bool is_synced = false;
	struct dirent *entry;
	DIR *entries;
	int code = 0;

	entries = open_entries(state->gen_fd, ".");
	if (!entries)
		return error_errno(err, -errno, "%s/gen", state->path);
	while (!code && (errno = 0, entry = readdir(entries))) {
		if (!is_temporary(entry->d_name))
			continue;
		/* Who was killed may have renamed it and not come to the sync. */
		if (!is_synced)
			code = file_sync(state->gen_fd);
		is_synced = true;
		if (code)
			error_errno(err, code, "%s/gen", state->path);
		else
			code = sweep_temporary(state, entry->d_name, err);
	}
	if (!code && errno)
		code = error_errno(err, -errno, "%s/gen", state->path);
	closedir(entries);
	return code;
}

int sweep_leftovers(const struct state *state, struct error *err)
{
	struct generation_numbers numbers;
	size_t i;
	int code;

	code = remove_tree(state->fd, STATE_CURRENT_NEW, 0);
	if (code)
		return error_errno(err, code, "%s/" STATE_CURRENT_NEW ": cannot be removed",
				   state->path);
	code = remove_tree(state->fd, STATE_EPOCH_NEW, 0);
	if (code)
		return error_errno(err, code, "%s/" STATE_EPOCH_NEW ": cannot be removed", state->path);
	if (state->gen_fd < 0)
		return 0;
	code = remove_temporaries(state, err);
	if (!code)
		code = sweep_list(state, &numbers, err);
	if (code)
		return code;
	for (i = 0; !code && i < numbers.count; i++)
		if (numbers.items[i] > state->current)
			code = sweep_generation(state, numbers.items[i], err);
	free(numbers.items);
	return code;
}

/* The application versions that have been met, newest first. */
struct versions {
	char *names[SWEEP_KEEP_VERSIONS];
	size_t count;
};

/* True, once, for each of the first versions that are asked for. */
static bool is_new_version(struct versions *versions, const char *version)
{
	size_t i;

	for (i = 0; i < versions->count; i++)
		if (!strcmp(versions->names[i], version))
			return false;
	if (versions->count == SWEEP_KEEP_VERSIONS)
		return false;
	versions->names[versions->count] = strdup(version);
	/* Out of memory: better one generation too many than one too few. */
	versions->count += versions->names[versions->count] != NULL;
	return true;
}

/*
 * Whether this one is worth going back to.  One whose plan is damaged is not; where it just could
 * not be read, nobody can say, and it is not for us to remove.
 */
static int is_last_of_version(const struct state *state, unsigned number,
			      struct versions *versions, bool *is_last, struct error *err)
{
	const char *app = strrchr(state->path, '/') + 1;
	struct generation generation;
	int code;

	*is_last = false;
	code = generation_open_number(state->fd, state->path, number, app, &generation, err);
	if (code == -EBADMSG || code == -ENOTSUP)
		return 0;
	if (code)
		return code;
	*is_last = is_new_version(versions, generation.version);
	generation_close(&generation);
	return 0;
}

int sweep_old(const struct state *state, struct error *err)
{
	struct generation_numbers numbers;
	struct versions versions = { 0 };
	size_t i, newer;
	int code;

	code = sweep_list(state, &numbers, err);
	if (code)
		return code;
	/* From the newest on; the plans are read only where there is something to decide. */
	for (newer = 0; !code && numbers.count > SWEEP_KEEP && newer < numbers.count; newer++) {
		unsigned number = numbers.items[numbers.count - 1 - newer];
		bool is_last;

		code = is_last_of_version(state, number, &versions, &is_last, err);
		if (!code && !is_last && newer >= SWEEP_KEEP && number != state->current)
			code = sweep_generation(state, number, err);
	}
	for (i = 0; i < versions.count; i++)
		free(versions.names[i]);
	free(numbers.items);
	return code;
}
