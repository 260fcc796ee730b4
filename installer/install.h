/* SPDX-License-Identifier: BSD-2-Clause */
/* Commands that change the installed state: all or nothing. */
#ifndef INSTALLER_INSTALL_H
#define INSTALLER_INSTALL_H

#include <stdbool.h>

#include <jansson.h>

#include "loader/admit.h"

struct install_options {
	const char *root;        /* NULL for "/" */
	const char *invoked;     /* how the program was started, for the commands that it names */
	const struct trust *trust;
	const struct admitted *admitted; /* the payload */
	bool allow_older;        /* than what was installed here before, by the epoch of its signature */
	bool payload_named;      /* with --payload: a payload that the program carries is another one */
	const char *const *kernels;  /* --kernel REL..., NULL for the running one */
	size_t kernel_count;
	bool all_kernels;        /* every kernel below /lib/modules, and the running one, named */
	bool others;             /* what is there besides kernels is served as well, if it can be */
	bool allow_nearest;      /* as select_neighbours() */
	bool dry_run;
	bool json;
	/* What a build elsewhere made for one kernel, the first of kernels or the running one; NULL. */
	const char *object, *btf;
	json_t **document;       /* with json: handed over, and not printed; NULL */
};

enum exit_status install(const struct install_options *options);

struct built;

/*
 * The same with what was built for that kernel, which is taken; NULL: nothing.  An install without
 * anything that was built is not for a kernel that needs it.
 */
enum exit_status install_built(const struct install_options *options, struct built *built);
enum exit_status uninstall(const char *root, const char *app, bool purge);
enum exit_status status(const char *root, const struct trust *trust, const char *app, bool json);

/*
 * Prints the absolute path of the file to use on the running kernel; what is "btf" or "object".
 * allow_nearest: also a BTF that is not of this kernel, but of all builds around it.
 */
enum exit_status path(const char *root, const struct trust *trust, const char *app,
		      const char *what, bool allow_nearest);

#endif
