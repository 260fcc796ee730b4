/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The trial: the object is loaded, not attached, by libbpf in a child process with limits on time
 * and memory, in the way the plan says.  Nothing of it remains.
 */
#ifndef CHECKER_TRIAL_H
#define CHECKER_TRIAL_H

#include "decide/decide.h"
#include "lib/bytes.h"

enum trial_outcome {
	TRIAL_NOT_KNOWN,         /* it was not tried, or ran out of time or memory */
	TRIAL_YES,
	TRIAL_NO,                /* the kernel or libbpf refused it */
	TRIAL_BLOCKED,           /* EPERM: a policy stands between */
};

enum { TRIAL_LOG_SIZE = 8192 };

struct trial {
	enum trial_outcome outcome;
	int error;               /* positive errno behind it; 0 when there is none */
	bool without_optional;   /* yes, but not with the programs that the manifest calls optional */
	char reason[512];        /* one line */
	char log[TRIAL_LOG_SIZE]; /* the end of what libbpf and the verifier said */
};

struct trial_input {
	const char *name;        /* of the object, for libbpf's messages */
	struct slice object;
	const struct plan *plan;
	const struct needs *needs;
	const char *btf_path;    /* BTF_GIVEN */
	struct slice stored_btf; /* BTF_STORED */
};

/* Tries; -errno only when there could be no child. */
int trial_run(const struct trial_input *input, struct trial *out, struct error *err);

#endif
