/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "host/bpf_verdict.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* How the verifier says that a program may not call something, in the words of all kernels. */
static const char *const REFUSALS[] = {
	"unknown func ",                           /* to 6.8: not for this type of program */
	"invalid func ",                           /* beyond what this kernel has at all */
	"program of this type cannot use helper ", /* since 6.9 */
	"not supported for program type",          /* get_func_ip, for some types */
	"helper call is not allowed in probe",     /* not for this target */
	"helper call might sleep in a non-sleepable prog",
	"calling kernel function ",                /* "... is not allowed", "... is not supported" */
	"is not a kernel function",
	"program must be sleepable to call sleepable kfunc",
};

/* A helper or function that is there, but for programs under the GPL. */
static const char *const LICENCE[] = {
	"cannot call GPL-restricted function from non-GPL compatible program",
	"cannot call GPL only function from proprietary program",
	"cannot call kernel function from non-GPL compatible program",
};

/*
 * What the verifier says of the arguments, once it has let the call pass: they are missing or of
 * the wrong sort, because the probe sets none.
 */
static const char *const ARGUMENTS[] = {
	"!read_ok", " type=", "expected=", "arg#",
};

static bool says(const char *log, const char *const *phrases, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (strstr(log, phrases[i]))
			return true;
	return false;
}

struct probe bpf_call_verdict(int error, const char *log)
{
	/* The state of the registers before the call is written as arguments are: "R1 type=ctx". */
	const char *behind_call = strstr(log, "(85) call ");

	if (error == 0)
		return probe_yes();
	if (says(log, LICENCE, COUNT(LICENCE)))
		return probe_no(EACCES);
	/* Some kernel functions are refused before the first instruction is looked at. */
	if (says(log, REFUSALS, COUNT(REFUSALS)))
		return probe_no(EINVAL);
	if (behind_call && says(behind_call, ARGUMENTS, COUNT(ARGUMENTS)))
		return probe_yes();
	return probe_unknown(error);
}
