/* SPDX-License-Identifier: BSD-2-Clause */
/* What the distributions with yum and dnf share.  builder/ only. */
#ifndef BUILDER_RECIPE_RPM_H
#define BUILDER_RECIPE_RPM_H

#include "builder/recipe.h"

/*
 * A release as its packages are named: 5.14.0-427.el9.aarch64+64k is kernel-64k, with the release
 * up to the plus; 5.4.17-2136.el8uek.x86_64 is kernel-uek, with all of it.
 */
struct rpm_kernel {
	char name[48];           /* kernel, kernel-uek, kernel-64k: -devel and -debuginfo follow */
	char evra[80];           /* version, release and architecture of the package */
	char version[80];        /* "5.14.0" */
	char rpm_release[80];    /* "427.el9" */
	char arch[32];
	unsigned int major, minor; /* of el8_10: 8, 10; of fc40: 40, 0; 0 where it does not say */
	bool has_minor;
};

void rpm_kernel_parse(const char *release, struct rpm_kernel *kernel);

/* Fills in the commands for a kernel's packages, of dnf or of yum. */
void rpm_common(const struct recipe_subject *subject, const struct rpm_kernel *kernel, bool yum,
		struct recipe *recipe);

/* The same for its debug information; pahole is in a repository that "," and its name stand for. */
void rpm_debug(const struct rpm_kernel *kernel, const char *repository, struct recipe *recipe);

#endif
