/* SPDX-License-Identifier: BSD-2-Clause */
/* From which generation a rollback leads to which, and what it says about it. */
#ifndef INSTALLER_RETREAT_H
#define INSTALLER_RETREAT_H

#include "installer/installation.h"
#include "installer/kept.h"
#include "installer/rollback.h"

enum retreat_result { RETREAT_DONE, RETREAT_DRY_RUN, RETREAT_REFUSED };

struct retreat {
	const struct rollback_options *options;
	struct state state;
	struct generation current;   /* to leave */
	struct generation target;    /* whose payload is installed again */
	struct kept kept;            /* that payload */
	struct installation installation;
};

/*
 * Finds the last whole generation of another application version than the current one; those of
 * other versions that are damaged are named and passed over.  -ENOENT: nothing is installed, or
 * nothing is there to go back to.  retreat_end() ends it, also after a failure.
 */
int retreat_begin(const struct rollback_options *options, struct retreat *out, struct error *err);
void retreat_end(struct retreat *retreat);

/* A kernel that is served now and would not be any more. */
bool retreat_loses(const struct kernel *kernel);

/* Prints what came of it; publication is what was published, all zero where nothing was. */
int retreat_report(const struct retreat *retreat, enum retreat_result result,
		   enum exit_status status, const struct publication *publication,
		   struct error *err);

#endif
