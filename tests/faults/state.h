/* SPDX-License-Identifier: BSD-2-Clause */
/* What a state directory is worth, judged by nothing but the bytes that should be there. */
#ifndef TESTS_FAULTS_STATE_H
#define TESTS_FAULTS_STATE_H

#include "tests/faults/fs.h"

/* Where a command starts from, and what it makes when nobody disturbs it. */
struct expectation {
	const char *app;
	struct fs start, final;
};

enum state {
	STATE_TORN,              /* neither of the others, or a numbered generation is not whole */
	STATE_NOTHING,           /* no `current`, where there was none or there shall be none */
	STATE_OLD,               /* `current` leads to what was there, byte for byte */
	STATE_NEW,
};

/* why tells what is torn. */
enum state state_of(const struct expectation *expectation, const struct fs *fs, char *why,
		    size_t size);

/* Nothing is left over, and what is current is what the undisturbed command makes. */
bool state_is_reached(const struct expectation *expectation, const struct fs *fs, char *why,
		      size_t size);

/* What the undisturbed command comes to. */
enum state state_wanted(const struct expectation *expectation);

#endif
