/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * SUSE Linux Enterprise and openSUSE.  uname -r is VERSION-RELEASE-FLAVOUR, and the package's
 * release has the count of its rebuilds behind that: 5.14.21-150500.55.7-default is
 * kernel-default-devel 5.14.21-150500.55.7.1.  The count stands nowhere in the kernel; rpm knows it
 * of an installed kernel.
 */
#include <stdio.h>
#include <string.h>

#include "builder/recipe.h"

#define PACKAGE_VERSION "$(rpm -qf --qf '%%{VERSION}-%%{RELEASE}' /lib/modules/%s/modules.builtin)"

/* clang: 3.8 in Leap 42; SLES 12 has 7. */
static bool has_compiler(const struct recipe_subject *subject)
{
	unsigned int major = recipe_major(subject->version_id);

	return major != 42 && (major == 0 || major > 12);
}

static void suse_gone(const char *id, const char *flavour, struct recipe *recipe)
{
	if (strcmp(id, "opensuse-tumbleweed") == 0)
		snprintf(recipe->gone, sizeof(recipe->gone),
			 "Older snapshots of Tumbleweed are at https://download.opensuse.org/history/.");
	else
		snprintf(recipe->gone, sizeof(recipe->gone),
			 "The update repositories keep all versions of a service pack. rpm can name the "
			 "version of an installed kernel only; for another one, take that which begins "
			 "like its release from the list of `zypper search -s kernel-%s-devel`.", flavour);
}

void recipe_suse(const struct recipe_subject *subject, struct recipe *recipe)
{
	const char *dash = strrchr(subject->release, '-');
	const char *flavour = dash ? dash + 1 : "default";
	char version[80];

	recipe_before_last(subject->release, '-', version, sizeof(version));
	recipe->install = "zypper --non-interactive install";
	recipe->compiler = has_compiler(subject) ? "clang llvm" : NULL;
	snprintf(recipe->headers, sizeof(recipe->headers), "\"kernel-%s-devel=" PACKAGE_VERSION "\"",
		 flavour, subject->release);
	snprintf(recipe->folder, sizeof(recipe->folder), "/usr/src/linux-%s-obj/%s/%s", version,
		 subject->machine, flavour);
	snprintf(recipe->carried, sizeof(recipe->carried), "usr/src/linux-%s usr/src/linux-%s-obj",
		 version, version);
	if (strncmp(subject->id, "sle", 3) == 0)
		snprintf(recipe->note, sizeof(recipe->note),
			 "Both packages are in the Development Tools Module: SUSEConnect -p "
			 "sle-module-development-tools/%s/%s", subject->version_id, subject->machine);
	suse_gone(subject->id, flavour, recipe);
	if (!recipe->compiler)
		return;
	snprintf(recipe->debug, sizeof(recipe->debug), "It is large, and needs no compiler.");
	recipe_command(&recipe->debug_commands, true,
		       "zypper --non-interactive --plus-content debug install \"kernel-%s-debuginfo="
		       PACKAGE_VERSION "\" dwarves", flavour, subject->release);
}
