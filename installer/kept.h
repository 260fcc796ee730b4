/* SPDX-License-Identifier: BSD-2-Clause */
/* The payload that a generation keeps, with its signature, judged by what is trusted today. */
#ifndef INSTALLER_KEPT_H
#define INSTALLER_KEPT_H

#include "loader/admit.h"
#include "runtime/generation.h"

struct kept {
	struct admitted admitted;
	struct buffer payload, signature; /* what it lives in */
};

/*
 * As admit_kept(), of what the generation's plan names; kept_close() frees, after a failure, too.
 */
int kept_open(const struct trust *trust, const struct generation *generation, struct kept *out,
	      struct error *err);
void kept_close(struct kept *kept);

#endif
