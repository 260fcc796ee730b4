/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdio.h>
#include <string.h>

#include "builder/recipe_rpm.h"

/* ".el8_10." -> 8, 10; ".fc40." -> 40; ".el9." -> 9 without a minor. */
static void parse_distribution(struct rpm_kernel *kernel)
{
	static const char *const MARKS[] = { ".el", ".fc" };
	const char *at;
	size_t i;

	for (i = 0; i < sizeof(MARKS) / sizeof(MARKS[0]) && !kernel->major; i++) {
		at = strstr(kernel->rpm_release, MARKS[i]);
		if (!at)
			continue;
		at += strlen(MARKS[i]);
		kernel->major = recipe_major(at);
		at += strspn(at, "0123456789");
		kernel->has_minor = *at == '_' && at[1] >= '0' && at[1] <= '9';
		if (kernel->has_minor)
			kernel->minor = recipe_major(at + 1);
	}
}

void rpm_kernel_parse(const char *release, struct rpm_kernel *kernel)
{
	const char *plus = strchr(release, '+'), *dash, *dot;
	size_t length;

	*kernel = (struct rpm_kernel){ .name = "kernel" };
	recipe_before_last(release, '+', kernel->evra, sizeof(kernel->evra));
	/* Until el7, "3.10.0-1160.el7.x86_64.debug". */
	length = strlen(kernel->evra);
	if (length > 6 && strcmp(kernel->evra + length - 6, ".debug") == 0) {
		kernel->evra[length - 6] = '\0';
		plus = "+debug";
	}
	dash = strchr(kernel->evra, '-');
	dot = strrchr(kernel->evra, '.');
	if (dash && dot && dot > dash) {
		snprintf(kernel->version, sizeof(kernel->version), "%.*s",
			 (int)(dash - kernel->evra), kernel->evra);
		snprintf(kernel->rpm_release, sizeof(kernel->rpm_release), "%.*s",
			 (int)(dot - dash - 1), dash + 1);
		snprintf(kernel->arch, sizeof(kernel->arch), "%.31s", dot + 1);
	}
	parse_distribution(kernel);
	/* RHEL 7 and 8: 4.18.0-553.rt7.342.el8_10.x86_64. */
	if (plus)
		snprintf(kernel->name, sizeof(kernel->name), "kernel-%.32s", plus + 1);
	else if (strstr(kernel->rpm_release, "uek"))
		snprintf(kernel->name, sizeof(kernel->name), "kernel-uek");
	else if (strstr(kernel->rpm_release, ".rt"))
		snprintf(kernel->name, sizeof(kernel->name), "kernel-rt");
}

void rpm_common(const struct recipe_subject *subject, const struct rpm_kernel *kernel, bool yum,
		struct recipe *recipe)
{
	recipe->install = yum ? "yum install -y" : "dnf install -y";
	recipe->compiler = "clang llvm";
	snprintf(recipe->headers, sizeof(recipe->headers), "%s-devel-%s", kernel->name, kernel->evra);
	snprintf(recipe->folder, sizeof(recipe->folder), "/usr/src/kernels/%s", subject->release);
	snprintf(recipe->carried, sizeof(recipe->carried), "usr/src/kernels/%s", subject->release);
}

void rpm_debug(const struct rpm_kernel *kernel, const char *repository, struct recipe *recipe)
{
	snprintf(recipe->debug, sizeof(recipe->debug), "It is large, and needs no compiler.");
	recipe_command(&recipe->debug_commands, true,
		       "%s --enablerepo='*debug*%s' %s-debuginfo-%s dwarves", recipe->install,
		       repository, kernel->name, kernel->evra);
}
