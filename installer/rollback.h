/* SPDX-License-Identifier: BSD-2-Clause */
/* Command `rollback`: back to the application version before. */
#ifndef INSTALLER_ROLLBACK_H
#define INSTALLER_ROLLBACK_H

#include <stdbool.h>

#include "host/trust.h"

struct rollback_options {
	const char *root;        /* NULL for "/" */
	const struct trust *trust;
	const char *app;
	const char *invoked;     /* how the program was started, for the commands that it names */
	bool dry_run;
	bool json;
};

enum exit_status rollback(const struct rollback_options *options);

#endif
