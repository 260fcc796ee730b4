/* SPDX-License-Identifier: BSD-2-Clause */
/* Inside checker/: the process that tries, and what it tells the one that waits for it. */
#ifndef CHECKER_TRIAL_CHILD_H
#define CHECKER_TRIAL_CHILD_H

#include "checker/trial.h"

/* The steps of a trial: 0 is the object as a whole, i + 1 program i alone. */
enum { STEP_WHOLE = 0 };

/* Memory that the child shares with its parent: what it came to, also when it is ended early. */
struct trial_message {
	size_t step;             /* that is being done, or to begin with */
	bool complete;
	bool whole_done;
	enum attempt_outcome whole;
	struct error err;        /* of the whole */
	struct trial trial;      /* canary, class and log of the whole */
	struct program_trial programs[];
};

/* Goes on with the trial from message->step, with limits on time and memory, and ends. */
_Noreturn void trial_child(const struct trial_input *input, struct trial_message *message);

#endif
