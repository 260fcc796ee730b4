/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/faults/run.h"

/*
 * Reading that is not disturbed, wherever a path holds one of these: how a program is loaded, and
 * what the C library and sanitizers ask of their own process.  And the kernel's own BTF: one that
 * cannot be read is one that cannot be used, by rule, and the plan says so; that has tests of its
 * own (tests/unit/host_facts_btf.c).
 */
static const char *const UNDISTURBED[] = {
	".so", "/etc/ld.so", "/proc/", "/dev/null", "/sys/",
};

/* Whatever has a name: files of the root and of the host, and what is installed from. */
static bool is_disturbed_reading(const char *path)
{
	size_t i;

	for (i = 0; i < sizeof(UNDISTURBED) / sizeof(UNDISTURBED[0]); i++)
		if (strstr(path, UNDISTURBED[i]))
			return false;
	return path[0] == '/' && strncmp(path, "/memfd:", 7) != 0;
}

/* Calls in the root and on the way to it. */
static bool concerns(const struct run *run, const char *path)
{
	size_t length = strlen(path), whole = strlen(run->root);

	if (run->subject->stops_at_reads)
		return is_disturbed_reading(path);
	if (length >= whole)
		return !strncmp(path, run->root, whole) && (path[whole] == '/' || !path[whole]);
	return !strncmp(path, run->root, length) && run->root[length] == '/';
}

/*
 * Harmless: after the new generation is current, older ones are removed.  Where that fails, the
 * install is done all the same, a warning says what stays, and the next one removes it.
 */
static bool is_cleaning(const struct run *run, const struct call *call)
{
	return run->has_committed && (strstr(call->path, "/gen/.tmp-old-") ||
				      strstr(call->path2, "/gen/.tmp-old-") ||
				      (call->number == SYS_fsync && strstr(run->last.path2, "/gen/.tmp-old-")));
}

static bool is_skipped(const struct run *run, const struct call *call)
{
	struct stat st;

	if (run->subject->skipped == SKIP_NOTHING || call->number != SYS_fsync ||
	    stat(call->path, &st) < 0)
		return false;
	return S_ISDIR(st.st_mode) == (run->subject->skipped == SKIP_FOLDERS);
}

static struct answer before_call(const struct call *call, void *context)
{
	struct run *run = context;
	bool is_renaming = call->path2[0] && strcmp(call->name, "linkat") != 0;
	int number;

	if (!concerns(run, call->path))
		return (struct answer){ DEED_PASS, 0, false };
	if (is_skipped(run, call))
		return (struct answer){ DEED_SKIP, 0, false };
	number = run->calls++;
	if (run->record && number < REPLAY_STEPS)
		run->record->has_size[number] = call->number == SYS_write ||
						call->number == SYS_read;
	if (number == run->at) {
		run->is_cleaning = is_cleaning(run, call);
		run->last = *call;
		return run->answer;
	}
	if (is_renaming && !strcmp(strrchr(call->path2, '/'), "/current"))
		run->has_committed = true;
	run->last = *call;
	return (struct answer){ DEED_PASS, 0, false };
}

static void after_call(const struct call *call, int64_t result, void *context)
{
	struct run *run = context;

	replay_log(&run->record->replay, call, result);
}

void run_begin(struct run *run, const struct subject *subject, int worker)
{
	*run = (struct run){ .subject = subject, .at = -1 };
	snprintf(run->root, sizeof(run->root), "%s/%d", subject->work, worker);
	run->errors = memfd_create("errors", MFD_CLOEXEC);
	if (run->errors < 0)
		give_up("memfd: %s", strerror(errno));
}

/* Puts the root in the command's arguments; argv is to be freed with free_command(). */
static void fill_command(const struct run *run, char **argv, int size)
{
	char *at;
	int i;

	for (i = 0; run->subject->command[i]; i++) {
		if (i == size - 1)
			give_up("a command of more than %d arguments", size);
		argv[i] = run->subject->command[i];
		at = strstr(argv[i], "@ROOT@");
		if (at && asprintf(&argv[i], "%.*s%s%s", (int)(at - argv[i]), argv[i], run->root,
				   at + strlen("@ROOT@")) < 0)
			give_up("no memory");
	}
	argv[i] = NULL;
}

static void free_command(const struct run *run, char **argv)
{
	int i;

	for (i = 0; argv[i]; i++)
		if (argv[i] != run->subject->command[i])
			free(argv[i]);
}

int run_command(struct run *run)
{
	const struct tracer tracer = {
		.before = before_call, .context = run,
		.after = run->record && !run->subject->stops_at_reads ? after_call : NULL,
		.stops_at_reads = run->subject->stops_at_reads,
	};
	bool is_traced = run->record || run->at >= 0;
	char *argv[64];
	int status;

	fill_command(run, argv, sizeof(argv) / sizeof(argv[0]));
	status = tracer_run(argv, run->errors, is_traced ? &tracer : NULL);
	free_command(run, argv);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

void run_end(struct run *run, char *said, size_t size)
{
	ssize_t length = pread(run->errors, said, size - 1, 0);

	said[length < 0 ? 0 : length] = '\0';
	for (char *c = said; *c; c++)
		if (*c == '\n')
			*c = ' ';
	close(run->errors);
}
