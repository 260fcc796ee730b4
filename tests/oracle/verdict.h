/* SPDX-License-Identifier: BSD-2-Clause */
/* What libbpf has to say about a trial. */
#ifndef TESTS_ORACLE_VERDICT_H
#define TESTS_ORACLE_VERDICT_H

#include "tests/oracle/generate.h"

enum verdict {
	AGREED,
	DIFFERED,
	NO_TRIAL,                /* the object is none that could have been compiled */
};

/* What happened on the way, for a person who wonders whether a test tests anything. */
struct tally {
	unsigned long asked, patched, absent, poisoned, refused, shared_classes;
};

/* Writes what differed to why; tally may be NULL. */
enum verdict judge_trial(const struct trial *trial, char *why, size_t why_size,
			 struct tally *tally);

#endif
