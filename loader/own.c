/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <unistd.h>

#include "lib/file.h"

#include "loader/clock.h"
#include "loader/own.h"

/* include/linux/proc_ns.h: PROC_PID_INIT_INO, the same since 3.8. */
#define INITIAL_PID_NAMESPACE "pid:[4026531836]"

/* proc(5), /proc/PID/stat: fields by number, counted from 1; the first behind comm is the third. */
enum {
	STAT_STATE = 3,
	STAT_STARTTIME = 22,
	STAT_ARG_START = 48,
	STAT_ARG_END = 49,
	STAT_FIELDS = 52,
};

static enum truth in_initial_pid_namespace(void)
{
	char link[64];
	ssize_t length = readlink("/proc/self/ns/pid", link, sizeof(link) - 1);

	if (length < 0)
		return TRUTH_UNKNOWN;
	link[length] = '\0';
	return strcmp(link, INITIAL_PID_NAMESPACE) == 0 ? TRUTH_YES : TRUTH_NO;
}

enum { PERSONALITY_MAX_SIZE = 64 };

/* The numbers of /proc/thread-self/stat; comm may hold anything, so they are counted behind it. */
static int read_stat(uint64_t fields[static STAT_FIELDS + 1])
{
	struct buffer text = { 0 };
	char *at = NULL, *end;
	int i, code;

	code = file_read(AT_FDCWD, "/proc/thread-self/stat", 4096, &text, NULL);
	if (!code)
		code = buffer_append(&text, "", 1);
	if (!code)
		at = strrchr((char *)text.data, ')');
	if (!code && !at)
		code = -EBADMSG;
	for (i = STAT_STATE; !code && i <= STAT_ARG_END; i++) {
		at = strchr(at, ' ');
		if (!at) {
			code = -EBADMSG;
			break;
		}
		at++;
		fields[i] = i == STAT_STATE ? 0 : strtoull(at, &end, 10);
	}
	buffer_free(&text);
	return code;
}

/*
 * A clock tick is what /proc counts in: the start lies within one, shifted by the time namespace.
 */
static void fill_start(struct own *own, uint64_t ticks)
{
	uint64_t tick = 1000000000ull / (uint64_t)sysconf(_SC_CLK_TCK);

	own->start_from = ticks * tick - (uint64_t)clock_namespace_offset("boottime");
	own->start_to = own->start_from + tick;
}

/* A service manager may have forbidden the call, also the one that only asks; /proc still tells. */
static enum truth has_real_release(void)
{
	int persona = personality(0xffffffff);
	struct buffer text = { 0 };
	enum truth truth = TRUTH_UNKNOWN;

	if (persona >= 0)
		return persona & UNAME26 ? TRUTH_NO : TRUTH_YES;
	if (file_read(AT_FDCWD, "/proc/thread-self/personality", PERSONALITY_MAX_SIZE, &text, NULL) == 0 &&
	    buffer_append(&text, "", 1) == 0)
		truth = strtoul((const char *)text.data, NULL, 16) & UNAME26 ? TRUTH_NO : TRUTH_YES;
	buffer_free(&text);
	return truth;
}

void own_read(struct own *own)
{
	uint64_t fields[STAT_FIELDS + 1] = { 0 };

	*own = (struct own){
		.initial_pid_namespace = in_initial_pid_namespace(),
		.parent = (uint32_t)getppid(),
		.real_release = has_real_release(),
	};
	uname(&own->uts);
	own->stat_error = -read_stat(fields);
	if (own->stat_error)
		return;
	fill_start(own, fields[STAT_STARTTIME]);
	own->arg_start = fields[STAT_ARG_START];
	own->arg_end = fields[STAT_ARG_END];
}
