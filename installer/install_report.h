/* SPDX-License-Identifier: BSD-2-Clause */
/* What `install` says: to a person, and as JSON (docs/schema/install.json). */
#ifndef INSTALLER_INSTALL_REPORT_H
#define INSTALLER_INSTALL_REPORT_H

#include <jansson.h>

#include "installer/contents.h"
#include "installer/install.h"
#include "installer/kernels.h"

enum install_result { RESULT_INSTALLED, RESULT_ALREADY, RESULT_DRY_RUN, RESULT_REFUSED };

struct install_report {
	enum install_result result;
	enum exit_status status;
	unsigned number;         /* of the current generation; 0 where none was written */
	const char *path;        /* of it; NULL likewise */
	json_t *plan;            /* the content of plan.json */
	const struct kernels *kernels;
	const struct contents *contents;
};

/*
 * Prints the result to standard output, and to standard error each kernel that is not served with
 * what to do about it.
 */
int install_report_print(const struct install_report *report,
			 const struct install_options *options, struct error *err);

/* Two lines about one kernel, on standard output. */
void install_report_kernel(const struct kernel *kernel);

#endif
