/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Runs a command and stops it at each system call that could change a file system, or at each that
 * reads from one, before the call is done: as `strace -e inject` does, but with one process for
 * thousands of runs.
 */
#ifndef TESTS_FAULTS_TRACER_H
#define TESTS_FAULTS_TRACER_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* One call.  Paths are absolute; path is that of the descriptor where the call takes one. */
struct call {
	const char *name;
	int number;
	char path[PATH_MAX], path2[PATH_MAX];   /* path2: of a link or a rename, where it leads */
	char text[PATH_MAX];                    /* of a symbolic link, its target */
	uint64_t args[6];
	pid_t pid;
};

enum deed {
	DEED_PASS,
	DEED_KILL,                /* SIGKILL, and the call is not done */
	DEED_FAIL,                /* not done, and fails with .error */
	DEED_SKIP,                /* not done, and reports success */
	DEED_SHORT,               /* a write of half as many bytes, or a read of one */
};

struct answer {
	enum deed deed;
	int error;
	bool is_last;            /* let the rest pass without asking */
};

struct tracer {
	bool stops_at_reads;     /* at those and not at changes */
	struct answer (*before)(const struct call *call, void *context);
	/* After a call that was let pass or cut short; NULL when nobody wants to know. */
	void (*after)(const struct call *call, int64_t result, void *context);
	void *context;
};

/*
 * Runs argv to its end, standard output going nowhere and standard error to errors_fd; returns the
 * wait status.  Without a tracer nothing is stopped.
 */
int tracer_run(char *const argv[], int errors_fd, const struct tracer *tracer);

/* Copies size bytes at address in the stopped process; false when they are not there. */
bool tracer_read(pid_t pid, uint64_t address, void *out, size_t size);

#endif
