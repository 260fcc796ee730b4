/* SPDX-License-Identifier: BSD-2-Clause */
/* Whether a command that was disturbed ended as it should: its exit status, and what it said. */
#ifndef TESTS_FAULTS_JUDGE_H
#define TESTS_FAULTS_JUDGE_H

#include "tests/faults/run.h"

struct end {
	const struct run *run;
	int status;              /* exit status; -1: killed */
	const char *said, *app;
	bool is_done;            /* what is installed is what the undisturbed command comes to */
	bool only_tells;         /* the command's result is what it says */
	bool is_harmless;        /* out: failed without harm, as it may */
};

/* Why not, or NULL. */
const char *judge(struct end *end);

#endif
