/* SPDX-License-Identifier: BSD-2-Clause */
/* What the probe tries, and what there was before it was shut in. */
#ifndef TESTS_SANDBOX_TRIES_H
#define TESTS_SANDBOX_TRIES_H

#include <stddef.h>
#include <sys/types.h>

#define OUTPUT "output/events.jsonl"
#define SOCKET "run/metrics.sock"
#define ELSEWHERE "elsewhere/file"

/* What the process had open, or knew of, before it was shut in. */
struct own {
	int output, statm;
	int listener, other_listener, stream, datagram, inet, pty;
	int map;                     /* a BPF map; -1: none can be had */
	pid_t victim;                /* another process of ours */
};

extern struct own own;

/* 0: it was let; or a negative errno. */
struct try {
	const char *name;
	int (*function)(void);
};

extern const struct try TRIES[];
extern const size_t TRY_COUNT;

#endif
