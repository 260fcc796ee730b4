/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>

#include "tests/faults/judge.h"

enum { STATUS_SYSTEM = 6 };

/* What nobody needs to be told of when it cannot be read: paths that hold one of these. */
static const char *const NEEDLESS[] = {
	"/dev/urandom",          /* jansson takes a seed for its hash tables from the clock instead */
	"/vmlinux",              /* BTF where libbpf looks: it passes over such a file, so we do */
};

/* What POSIX lets a signal interrupt, and what can simply be done again. */
static bool is_restartable(const struct run *run)
{
	int number = run->last.number;

	return number == SYS_openat || number == SYS_write || number == SYS_fsync ||
	       number == SYS_fchmod || number == SYS_flock || number == SYS_close;
}

/*
 * Names the path, or a folder that it is in, up to the state's.  Elsewhere the name is enough,
 * which may have been that of a link.
 */
static bool names_read(const struct end *end)
{
	char path[PATH_MAX + 64], *slash;
	size_t state;

	snprintf(path, sizeof(path), "%s/var/lib/%s", end->run->root, end->app);
	state = strlen(path);
	if (strncmp(path, end->run->last.path, state) != 0)
		return strstr(end->said, strrchr(end->run->last.path, '/'));
	strcpy(path, end->run->last.path);
	while (!strstr(end->said, path)) {
		slash = strrchr(path, '/');
		if (slash < path + state)
			return false;
		*slash = '\0';
	}
	return true;
}

/* A failure was told: with its reason, and with a path that leads to it. */
static bool is_told(const struct end *end)
{
	const struct run *run = end->run;
	char state[PATH_MAX + 64];

	if (!strstr(end->said, strerror(run->answer.error)))
		return false;
	if (run->subject->stops_at_reads)
		return names_read(end);
	snprintf(state, sizeof(state), "%s/var/lib/%s", run->root, end->app);
	return strstr(end->said, state) || strstr(end->said, run->last.path);
}

static bool is_needless(const struct run *run)
{
	size_t i;

	for (i = 0; i < sizeof(NEEDLESS) / sizeof(NEEDLESS[0]); i++)
		if (strstr(run->last.path, NEEDLESS[i]))
			return true;
	return false;
}

/* What could not be read must end it, or be told while all is done that was to be done. */
static const char *judge_reading(struct end *end)
{
	const struct run *run = end->run;

	if (run->answer.deed == DEED_SHORT)
		return end->status == 0 ? NULL : "a short read is no error";
	if (run->answer.error == EINTR && run->last.number == SYS_read)
		return end->status == 0 ? NULL : "could be done again";
	/* Opening again after EINTR is not asked for, and fine. */
	if (run->answer.error == EINTR && end->status == 0 && !end->only_tells)
		return NULL;
	if (end->status == 0) {
		end->is_harmless = true;
		if (is_needless(run))
			return NULL;
		if (end->only_tells)
			return "exit 0, and not all of it was read";
	} else if (end->status != STATUS_SYSTEM) {
		return "the exit status is not 6";
	}
	return is_told(end) ? NULL : "the message lacks file or reason";
}

static const char *judge_change(struct end *end)
{
	const struct run *run = end->run;
	bool is_done = end->status == 0;

	if (run->answer.deed == DEED_SHORT)
		return is_done ? NULL : "half a write is no error";
	if (run->answer.error == EINTR && is_restartable(run))
		return is_done ? NULL : "could be done again";
	if (run->is_cleaning && is_done) {
		end->is_harmless = true;
		return is_told(end) ? NULL : "nothing was said of what is left";
	}
	if (end->status != STATUS_SYSTEM)
		return "the exit status is not 6";
	return is_told(end) ? NULL : "the message lacks file or reason";
}

const char *judge(struct end *end)
{
	if (end->run->answer.deed == DEED_KILL)
		return end->status == -1 ? NULL : "was not killed";
	if (end->status == 0 && !end->is_done)
		return "exit 0, and it is not done";
	return end->run->subject->stops_at_reads ? judge_reading(end) : judge_change(end);
}
