/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Runs a command and writes to descriptor 3 what it took: wall and CPU time in milliseconds, with
 * its children's, and its peak memory in KiB.  It is spawned: a fork would be charged for tearing
 * down a copy of us.
 */
#include <err.h>
#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static double ms_of(const struct timeval *time)
{
	return (double)time->tv_sec * 1e3 + (double)time->tv_usec / 1e3;
}

int main(int argc, char **argv)
{
	double start = now_ms();
	struct rusage usage;
	pid_t child;
	int status;

	if (argc < 2)
		errx(2, "usage: measure COMMAND... 3>FILE");
	errno = posix_spawnp(&child, argv[1], NULL, NULL, argv + 1, environ);
	if (errno)
		err(127, "%s", argv[1]);
	if (wait4(child, &status, 0, &usage) < 0)
		err(1, "wait4");
	dprintf(3, "%.3f %.3f %ld\n", now_ms() - start, ms_of(&usage.ru_utime) + ms_of(&usage.ru_stime),
		usage.ru_maxrss);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
