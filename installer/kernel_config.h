/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is asked of the configuration of a kernel that is installed for: whether it exposes BTF,
 * and the values of the object's .kconfig externs.  It is 300 kB of text, so it is read only where
 * there is such a question, and once.
 */
#ifndef INSTALLER_KERNEL_CONFIG_H
#define INSTALLER_KERNEL_CONFIG_H

#include "installer/kernels.h"

struct kernel_config {
	struct kconfig *kconfig; /* NULL: there is none, or none that can be used; kconfig_free() */
	int error;               /* why: ENOENT, EACCES, EBADMSG ... */
	char path[256];          /* what was read, or could not be; "" when there is none */
};

/* The running kernel shows its BTF itself: its configuration is asked where that is hidden. */
bool kernel_config_is_wanted(const struct kernel *kernel, const struct facts *facts,
			     const struct needs *needs);

/*
 * Reads it below root, NULL for "/"; that of the running kernel is this host's, as its other facts
 * are.  One that is not there, not for us to read or damaged leaves questions open, and is no
 * error; but for the first, a warning says so.  A failure of the system is one: the next look may
 * come to another answer.
 */
int kernel_config_read(struct kernel_config *out, const struct kernel *kernel, const char *root,
		       struct error *err);

/*
 * Puts the values of the object's externs into kernel->options.  Where they cannot be had, a
 * warning says so, and `run` looks again.
 */
int kernel_config_capture(const struct kernel_config *config, const struct object *object,
			  struct kernel *kernel, struct error *err);

#endif
