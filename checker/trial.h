/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The trial: what `run` does before it attaches, in a child process with limits on time and
 * memory.  The canary judges the BTF, then the object is loaded; where it does not load as a whole,
 * each program is loaded alone.  Nothing of it remains.
 */
#ifndef CHECKER_TRIAL_H
#define CHECKER_TRIAL_H

#include "decide/evidence.h"
#include "loader/canary.h"
#include "loader/request.h"

enum trial_outcome {
	TRIAL_NOT_KNOWN,         /* it was not tried, or ran out of time or memory */
	TRIAL_YES,
	TRIAL_NO,                /* the kernel or libbpf refused it */
	TRIAL_BLOCKED,           /* EPERM: a policy stands between */
};

enum canary_outcome {
	CANARY_NOT_RUN,
	CANARY_AGREES,
	CANARY_DISAGREES,        /* the BTF is not this kernel's; nothing was loaded with it */
	CANARY_FAILED,           /* it could not be run; the trial's outcome says what that means */
};

enum { TRIAL_LOG_SIZE = 8192, TRIAL_REASON_SIZE = 768 };

/* What became of one program. */
struct program_trial {
	struct attempt load, attach;
};

struct trial {
	enum trial_outcome outcome;
	int error;               /* positive errno behind it; 0 when there is none */
	bool without_optional;   /* yes, but not with the programs that the manifest calls optional */
	char reason[TRIAL_REASON_SIZE]; /* one line */
	char log[TRIAL_LOG_SIZE]; /* the end of what libbpf and the verifier said */
	enum canary_outcome canary_outcome;
	char canary_reason[TRIAL_REASON_SIZE]; /* of all outcomes but CANARY_AGREES */
	struct canary_report canary;
	enum failure_class class; /* of a no */
	struct program_trial *programs; /* of needs.programs; owned; NULL: nothing was tried */
};

enum trial_attach {
	TRIAL_LOADS_ONLY,
	TRIAL_ATTACHES,          /* and detaches, what libbpf attaches by itself */
	TRIAL_ATTACHES_ALL,      /* also XDP, TC, cgroup ...: in namespaces and cgroups of its own */
};

struct trial_input {
	struct subject subject;
	const char *root;        /* where the kernel's configuration is looked for; NULL for "/" */
	struct slice btf;        /* of all plans but BTF_NONE */
	struct slice canary;     /* the canary object; empty: there is none */
	struct slice canary_btf; /* the BTF for it */
	enum trial_attach attach;
	bool alone;              /* not as a whole, which the plan rules out: each program only */
};

/* Fills *out for a trial that is not to be made. */
void trial_skip(struct trial *out, const char *why);

/* Tries; -errno only when there could be no child.  trial_free() frees. */
int trial_run(const struct trial_input *input, struct trial *out, struct error *err);
void trial_free(struct trial *trial);

#endif
