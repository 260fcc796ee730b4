/* SPDX-License-Identifier: BSD-2-Clause */
/* What `install` says: to a person, and as JSON (docs/schema/install.json). */
#ifndef INSTALLER_REPORT_H
#define INSTALLER_REPORT_H

#include <jansson.h>

#include "installer/contents.h"
#include "installer/install.h"
#include "installer/kernels.h"

enum report_result { REPORT_INSTALLED, REPORT_ALREADY, REPORT_DRY_RUN, REPORT_REFUSED };

struct report {
	enum report_result result;
	enum exit_status status;
	unsigned number;         /* of the current generation; 0 where none was written */
	const char *path;        /* of it; NULL likewise */
	json_t *plan;            /* the content of plan.json */
	const struct kernels *kernels;
	const struct contents *contents;
};

/*
 * Prints the result to standard output, and to standard error each kernel that is not served with what
 * to do about it.
 */
int report_print(const struct report *report, const struct install_options *options,
		 struct error *err);

#endif
