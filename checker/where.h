/* SPDX-License-Identifier: BSD-2-Clause */
/* Inside checker/: from the options to what is to be read. */
#ifndef CHECKER_WHERE_H
#define CHECKER_WHERE_H

#include "host/facts.h"

#include "checker/check.h"

struct where {
	struct facts_request request; /* points into options and into this struct */
	char release[65], build[65], machine[65];
};

/*
 * Which kernel, and which files.  -EINVAL: the options do not name a kernel, or one that is not
 * there.
 */
int where_find(const struct check_options *options, struct where *out, struct error *err);

#endif
