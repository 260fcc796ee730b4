/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Command `kernel-hook`: what the hooks of kernel packages call, so that a new kernel has its BTF
 * before it boots.
 */
#ifndef INSTALLER_KERNEL_HOOK_H
#define INSTALLER_KERNEL_HOOK_H

#include "host/trust.h"

enum { KERNEL_HOOK_SECONDS = 20 };

struct kernel_hook_options {
	const char *root;        /* NULL for "/" */
	const struct trust *trust;
	const char *app;
	const char *invoked;     /* how the program was started, for the commands that it names */
	const char *action;      /* "add" or "remove" */
	const char *release;     /* as it was given: nothing is sure about it */
	const char *image;       /* the kernel's file; NULL: not told */
	unsigned seconds;        /* how long it may take */
};

/*
 * Never fails, since a kernel's installation must not: what could not be done is said on standard
 * error.  Nothing is said where nothing of app is installed.
 */
void kernel_hook(const struct kernel_hook_options *options);

#endif
