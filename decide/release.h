/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A kernel release taken apart: its numbers, which order the builds of a distribution, and the
 * words among them, its *flavour*, which tells kernels apart that are configured otherwise.
 *
 *     6.1.0-54-cloud-amd64            6 1 0 54       cloud-amd64
 *     6.12.43+deb13-rt-arm64          6 12 43        deb13-rt-arm64
 *     4.18.0-305.12.1.el8_4.x86_64    4 18 0 305 12 1    el8_4-x86_64
 */
#ifndef DECIDE_RELEASE_H
#define DECIDE_RELEASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { RELEASE_NUMBERS = 8, RELEASE_FLAVOUR_SIZE = 65 };

struct release {
	uint64_t numbers[RELEASE_NUMBERS];  /* those that are not there are 0 */
	char flavour[RELEASE_FLAVOUR_SIZE]; /* words, with dashes between them */
};

struct release release_of(const char *text);

/* Negative, 0, positive: a's numbers come before b's, are the same, come behind. */
int release_compare(const struct release *a, const struct release *b);

/* True when both are of one series of one flavour: 6.1 of cloud-amd64. */
bool release_is_akin(const struct release *a, const struct release *b);

#endif
