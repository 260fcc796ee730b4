/* SPDX-License-Identifier: BSD-2-Clause */
#include <ctype.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "tests/faults/state.h"

/* The state directory; -1 when there is none. */
static int state_folder(const struct expectation *expectation, const struct fs *fs)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "var/lib/%s", expectation->app);
	return fs_find(fs, path);
}

static bool has_current(const struct expectation *expectation, const struct fs *fs)
{
	int folder = state_folder(expectation, fs);

	return folder >= 0 && fs_lookup(fs, folder, "current") >= 0;
}

/* The folder that `current` leads to; -1 when there is none. */
static int generation(const struct expectation *expectation, const struct fs *fs)
{
	int folder = state_folder(expectation, fs), link;
	char target[64];
	int gen;

	link = folder < 0 ? -1 : fs_lookup(fs, folder, "current");
	if (link < 0 || fs->nodes[link].kind != NODE_LINK)
		return -1;
	snprintf(target, sizeof(target), "%.*s", (int)fs->nodes[link].size, fs->nodes[link].bytes);
	if (strncmp(target, "gen/", 4) != 0)
		return -1;
	gen = fs_lookup(fs, folder, "gen");
	return gen < 0 ? -1 : fs_lookup(fs, gen, target + 4);
}

static bool is_generation(const struct expectation *expectation, const struct fs *fs, int folder,
			  const struct fs *other, char *why, size_t size)
{
	int wanted = generation(expectation, other);

	return wanted >= 0 && fs_equal(fs, folder, other, wanted, why, size);
}

/* Also what is not current must be whole, once it has its number. */
static bool is_numbered_whole(const struct expectation *expectation, const struct fs *fs,
			      const struct entry *entry)
{
	const struct fs *other[] = { &expectation->start, &expectation->final };
	char path[PATH_MAX], ignored[256];
	int i, folder;

	if (is_generation(expectation, fs, entry->node, &expectation->final, ignored, sizeof(ignored)))
		return true;
	snprintf(path, sizeof(path), "var/lib/%s/gen/%s", expectation->app, entry->name);
	for (i = 0; i < 2; i++) {
		folder = fs_find(other[i], path);
		if (folder >= 0 &&
		    fs_equal(fs, entry->node, other[i], folder, ignored, sizeof(ignored)))
			return true;
	}
	return false;
}

static bool are_numbered_whole(const struct expectation *expectation, const struct fs *fs,
			       char *why, size_t size)
{
	int i, folder = state_folder(expectation, fs), gen;

	gen = folder < 0 ? -1 : fs_lookup(fs, folder, "gen");
	for (i = 0; gen >= 0 && i < fs->entry_count; i++)
		if (fs->entries[i].folder == gen && isdigit((unsigned char)fs->entries[i].name[0]) &&
		    !is_numbered_whole(expectation, fs, &fs->entries[i])) {
			snprintf(why, size, "gen/%s is not whole", fs->entries[i].name);
			return false;
		}
	return true;
}

enum state state_wanted(const struct expectation *expectation)
{
	return has_current(expectation, &expectation->final) ? STATE_NEW : STATE_NOTHING;
}

enum state state_of(const struct expectation *expectation, const struct fs *fs, char *why,
		    size_t size)
{
	int folder;

	if (!are_numbered_whole(expectation, fs, why, size))
		return STATE_TORN;
	if (!has_current(expectation, fs)) {
		if (!has_current(expectation, &expectation->start) ||
		    !has_current(expectation, &expectation->final))
			return STATE_NOTHING;
		snprintf(why, size, "nothing is current any more");
		return STATE_TORN;
	}
	folder = generation(expectation, fs);
	if (folder < 0) {
		snprintf(why, size, "current leads to no generation");
		return STATE_TORN;
	}
	if (is_generation(expectation, fs, folder, &expectation->final, why, size))
		return STATE_NEW;
	if (is_generation(expectation, fs, folder, &expectation->start, why, size))
		return STATE_OLD;
	return STATE_TORN;
}

bool state_is_reached(const struct expectation *expectation, const struct fs *fs, char *why,
		      size_t size)
{
	int i;

	for (i = 0; i < fs->entry_count; i++)
		if (strstr(fs->entries[i].name, "tmp")) {
			snprintf(why, size, "%s is left", fs->entries[i].name);
			return false;
		}
	return state_of(expectation, fs, why, size) == state_wanted(expectation);
}
