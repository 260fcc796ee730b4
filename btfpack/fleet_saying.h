/* SPDX-License-Identifier: BSD-2-Clause */
/* Inside fleet: what is to be said of one object on one host. */
#ifndef BTFPACK_FLEET_SAYING_H
#define BTFPACK_FLEET_SAYING_H

#include "btfpack/fleet.h"

/* All that one host is judged with. */
struct fleet_judging {
	const struct coverage *coverage;
	const struct payload *shipped;
	const size_t *kernels;
	const char *app;         /* the program's name on a host, for commands */
};

/* What is to be said of a host, while it is made. */
struct fleet_saying {
	enum fleet_group group;
	char reason[1024];
	char what[FLEET_COMMANDS][160];
	char command[FLEET_COMMANDS][512];
	size_t command_count;
};

void fleet_say(struct fleet_saying *saying, enum fleet_group group, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void fleet_advise(struct fleet_saying *saying, const char *what, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/*
 * Judges one object on one host; *kernel becomes the place in the pack of what is packed for it,
 * and stays where nothing is.
 */
int fleet_judge_object(const struct fleet_judging *judging, const struct coverage_object *object,
		       const struct inventory_host *host, size_t *kernel,
		       struct fleet_saying *saying, struct error *err);

#endif
