/* SPDX-License-Identifier: BSD-2-Clause */
/* An answer with what goes with it: why, and what to do next. */
#ifndef DECIDE_FINDING_H
#define DECIDE_FINDING_H

#include <stddef.h>

/* From the weakest to the strongest. */
enum answer {
	ANSWER_SKIP,             /* this object does not ask for it */
	ANSWER_YES,
	ANSWER_UNKNOWN,
	ANSWER_BLOCKED,          /* a policy or a missing privilege stands between */
	ANSWER_NO,
};

/* Sorts of failures, named as Kernel-Guard's bpfcompat names them. */
enum failure_class {
	CLASS_NONE,
	CLASS_MISSING_BTF,
	CLASS_CORE_RELOCATION,
	CLASS_MAP_TYPE,
	CLASS_PROGRAM_TYPE,
	CLASS_ATTACH_TYPE,
	CLASS_CAPABILITY,
	CLASS_POLICY,
	CLASS_VERIFIER,
	CLASS_UNKNOWN,
};

enum { FINDING_REASON_SIZE = 768, FINDING_REMEDY_SIZE = 512 };

struct finding {
	enum answer answer;
	enum failure_class class;
	int error;               /* positive errno behind it; 0 when there is none */
	char reason[FINDING_REASON_SIZE]; /* one line; "" where there is nothing to say */
	char remedy[FINDING_REMEDY_SIZE];
};

/* "MISSING_BTF" ... */
const char *failure_class_name(enum failure_class class);

/* Sets answer, class and reason; the rest stays. */
void finding_set(struct finding *finding, enum answer answer, enum failure_class class,
		 const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Sets what to do about it. */
void finding_advise(struct finding *finding, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
