/* SPDX-License-Identifier: BSD-2-Clause */
/* Oracle Linux and Amazon Linux: packages like RHEL's, with kernels of their own beside it. */
#include <stdio.h>
#include <string.h>

#include "builder/recipe_rpm.h"

/* The repositories ol8_UEKR6 and the like; Oracle's debug information is in no repository. */
void recipe_oracle(const struct recipe_subject *subject, struct recipe *recipe)
{
	struct rpm_kernel kernel;
	bool uek;

	rpm_kernel_parse(subject->release, &kernel);
	if (!kernel.major)
		kernel.major = recipe_major(subject->version_id);
	uek = strcmp(kernel.name, "kernel-uek") == 0;
	rpm_common(subject, &kernel, kernel.major && kernel.major <= 7, recipe);
	if (kernel.major && kernel.major <= 7)
		recipe->compiler = NULL; /* as in RHEL 7 */
	else if (kernel.major)
		snprintf(recipe->image, sizeof(recipe->image), "docker.io/library/oraclelinux:%u",
			 kernel.major);
	snprintf(recipe->gone, sizeof(recipe->gone),
		 "Oracle keeps all versions, in repositories of which not all are enabled.");
	recipe_command(&recipe->gone_commands, true, "%s --enablerepo='%s' %s%s", recipe->install,
		       uek ? "ol*_UEKR*" : "ol*_latest", recipe->headers,
		       recipe->compiler ? " clang llvm" : "");
	if (!recipe->compiler)
		return;
	snprintf(recipe->debug, sizeof(recipe->debug), "It is large, and needs no compiler.");
	recipe_command(&recipe->debug_commands, true,
		       "dnf install -y --enablerepo='ol*_codeready_builder' dwarves "
		       "https://oss.oracle.com/ol%u/debuginfo/%s-debuginfo-%s.rpm "
		       "https://oss.oracle.com/ol%u/debuginfo/%s-debuginfo-common-%s%s%s.rpm",
		       kernel.major, kernel.name, kernel.evra, kernel.major, kernel.name,
		       uek ? "" : kernel.arch, uek ? "" : "-", kernel.evra);
}

/* "6.12.22-27.96.amzn2023.x86_64" -> "6.12" */
static void series(const char *release, char *out, size_t size)
{
	size_t first = strcspn(release, ".") + 1;

	snprintf(out, size, "%.*s", (int)(first + strcspn(release + first, ".")), release);
}

/* Amazon Linux 2: kernels other than 4.14 are in topics of amazon-linux-extras. */
static void amazon_2(const struct recipe_subject *subject, const struct rpm_kernel *kernel,
		     struct recipe *recipe)
{
	char topic[80];

	rpm_common(subject, kernel, true, recipe);
	rpm_debug(kernel, "", recipe);
	snprintf(recipe->image, sizeof(recipe->image), "docker.io/library/amazonlinux:2");
	series(subject->release, topic, sizeof(topic));
	if (strcmp(topic, "4.14") == 0)
		return;
	recipe->image[0] = '\0'; /* nor does the image have that topic */
	snprintf(recipe->gone, sizeof(recipe->gone), "This kernel is in a topic of its own.");
	recipe_command(&recipe->gone_commands, true, "amazon-linux-extras enable kernel-%s", topic);
	recipe_command(&recipe->gone_commands, true, "yum clean metadata");
	recipe_command(&recipe->gone_commands, true, "yum install -y %s clang llvm", recipe->headers);
}

/* Amazon Linux 2023: since 6.12, the series is part of the packages' names. */
static void amazon_2023(const struct recipe_subject *subject, struct rpm_kernel *kernel,
			struct recipe *recipe)
{
	char name[80];

	series(subject->release, name, sizeof(name));
	if (strcmp(name, "6.1") != 0)
		snprintf(kernel->name, sizeof(kernel->name), "kernel%.40s", name);
	rpm_common(subject, kernel, false, recipe);
	rpm_debug(kernel, "", recipe);
	snprintf(recipe->image, sizeof(recipe->image), "docker.io/library/amazonlinux:2023");
	snprintf(recipe->gone, sizeof(recipe->gone),
		 "The repositories are bound to one version of AL2023; the latest knows all kernels.");
	recipe_command(&recipe->gone_commands, true, "dnf install -y --releasever=latest %s clang llvm",
		       recipe->headers);
}

void recipe_amazon(const struct recipe_subject *subject, struct recipe *recipe)
{
	struct rpm_kernel kernel;

	rpm_kernel_parse(subject->release, &kernel);
	if (strstr(subject->release, ".amzn2.")) {
		amazon_2(subject, &kernel, recipe);
	} else if (strstr(subject->release, ".amzn1.")) {
		rpm_common(subject, &kernel, true, recipe);
		recipe->compiler = NULL; /* clang 6 is its newest, and there is no pahole */
	} else {
		amazon_2023(subject, &kernel, recipe);
	}
}
