/* SPDX-License-Identifier: BSD-2-Clause */
/* How a build went, for people, or as JSON (docs/schema/build.json). */
#ifndef INSTALLER_BUILD_REPORT_H
#define INSTALLER_BUILD_REPORT_H

#include <jansson.h>

#include "builder/builder.h"
#include "builder/instructions.h"

struct build_report {
	const char *app, *release;
	enum exit_status status;
	const struct build *build;
	/* What to type where nothing could be made; NULL: not needed. */
	const struct instructions_request *instructions;
	const char *out;         /* file that the product was written to; NULL */
	json_t *install;         /* docs/schema/install.json; NULL: nothing was installed */
};

/* Prints how the ways went, as text. */
void build_report_attempts(const struct build_report *report);

/* Prints everything as one document. */
int build_report_json(const struct build_report *report, struct error *err);

#endif
