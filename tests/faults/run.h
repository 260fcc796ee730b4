/* SPDX-License-Identifier: BSD-2-Clause */
/* One run of the command that is tested, disturbed at one of its calls or not at all. */
#ifndef TESTS_FAULTS_RUN_H
#define TESTS_FAULTS_RUN_H

#include "tests/faults/replay.h"

enum skipped { SKIP_NOTHING, SKIP_FILES, SKIP_FOLDERS };

struct subject {
	const char *work;        /* the folder in which each worker has its root */
	char *const *command;    /* @ROOT@ in it stands for that */
	enum skipped skipped;    /* which fsync(2) is not done, and reports success */
	bool stops_at_reads;     /* disturbed is what reads, and not what changes */
};

/* What a run does. */
struct record {
	struct replay replay;
	int calls;
	bool has_size[REPLAY_STEPS]; /* of each call: it can be cut short */
};

struct run {
	const struct subject *subject;
	char root[PATH_MAX];
	int at;                  /* the call that is disturbed; -1: none */
	struct answer answer;    /* how */
	struct record *record;   /* that it is logged in, or NULL */

	int calls;               /* so far, of those that may be disturbed */
	struct call last;        /* the latest; in the end, the disturbed one */
	bool is_cleaning;        /* that one is harmless, see run.c */
	bool has_committed;      /* `current` was renamed */
	int errors;              /* descriptor of what it says */
};

/* Prepares a run that is undisturbed and not logged. */
void run_begin(struct run *run, const struct subject *subject, int worker);

/* Runs the command.  The exit status; -1 when it was killed. */
int run_command(struct run *run);

/* Ends the run, and gives what it said as one line. */
void run_end(struct run *run, char *said, size_t size);

#endif
