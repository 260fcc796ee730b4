/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The commands of the program on the target host: from options to what checker/, builder/, runtime/
 * and the other files of this folder take.  Which there are, and what each wants, is main.c's
 * table.
 */
#ifndef INSTALLER_COMMANDS_H
#define INSTALLER_COMMANDS_H

#include "loader/admit.h"

#include "installer/options.h"

/* What a command is given. */
struct context {
	const struct options *options;
	struct trust trust;
	struct admitted admitted;
	const struct payload *payload; /* the admitted one, as the command wants it, else NULL */
	const char *app;         /* likewise */
};

enum exit_status command_check(const struct context *context);
enum exit_status command_install(const struct context *context);
enum exit_status command_build(const struct context *context);
enum exit_status command_run(const struct context *context);
enum exit_status command_status(const struct context *context);
enum exit_status command_uninstall(const struct context *context);
enum exit_status command_rollback(const struct context *context);
enum exit_status command_kernel_hook(const struct context *context);
enum exit_status command_path(const struct context *context);
enum exit_status command_list(const struct context *context);
enum exit_status command_info(const struct context *context);
enum exit_status command_verify(const struct context *context);
enum exit_status command_extract(const struct context *context);

#endif
