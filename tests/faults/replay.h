/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A power cut at every instant of a command, from the log of what it did.  What is durable is only
 * what POSIX promises: bytes and mode of a file after an fsync(2) of the file, names after one of
 * the folder they stand in.  Everything else may be there or not, in any combination; a rename is
 * one step.
 */
#ifndef TESTS_FAULTS_REPLAY_H
#define TESTS_FAULTS_REPLAY_H

#include "tests/faults/fs.h"
#include "tests/faults/tracer.h"

enum { REPLAY_STEPS = 1024 };

enum step_kind { STEP_NAMES, STEP_BYTES, STEP_MODE, STEP_SYNC };

struct step {
	enum step_kind kind;
	char text[160];          /* for people */
	int node;                /* of bytes, mode and sync; what a name leads to then, -1: nothing */
	int folder, from_folder; /* names: folder/name is set; from_folder/from_name goes, if >= 0 */
	const char *name, *from_name;
	const char *bytes;
	size_t size;
	mode_t mode;
};

struct replay {
	char root[PATH_MAX];     /* absolute */
	struct fs now;           /* after all steps; its nodes are those of every instant */
	struct fs before;        /* before the first, with the nodes that are made later */
	struct step steps[REPLAY_STEPS];
	int count;
};

/* Starts a log of what happens in root, which holds start now. */
void replay_begin(struct replay *replay, const char *root, const struct fs *start);

/* Logs a call that was done.  A call that this model does not know ends the program. */
void replay_log(struct replay *replay, const struct call *call, int64_t result);

/* Ends the log; what it comes to must be what is in root. */
void replay_end(struct replay *replay);

/*
 * Calls visit for each state that a power cut may leave after step first or a later one, with the
 * number of steps that were done, and whether what is not durable is all lost in it.  Returns how
 * many states that were.
 */
unsigned replay_cuts(const struct replay *replay, int first,
		     void (*visit)(const struct fs *fs, int done, bool all_lost, void *context),
		     void *context);

#endif
