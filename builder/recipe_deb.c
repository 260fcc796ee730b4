/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Debian and Ubuntu, with what descends from them.  linux-headers-RELEASE is exact: the release is
 * part of the package's name, in Debian from 2.6 to 7.x.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "builder/recipe.h"

static void common(const struct recipe_subject *subject, struct recipe *recipe)
{
	recipe->refresh = "apt-get update";
	/* Without what clang recommends: headers of LLVM and a run time for OpenMP. */
	recipe->install = "apt-get install -y --no-install-recommends";
	recipe->compiler = "clang llvm";
	snprintf(recipe->headers, sizeof(recipe->headers), "linux-headers-%s", subject->release);
	snprintf(recipe->folder, sizeof(recipe->folder), "/usr/src/linux-headers-%s", subject->release);
	/* The flavour's headers refer to common ones, whose folder has a name of its own. */
	snprintf(recipe->carried, sizeof(recipe->carried), "usr/src");
}

/*
 * The package with the headers that flavours share (kernel-handbook, "Packages"): the release up
 * to its ABI name, "common", and the feature set, as in linux-headers-6.1.0-56-common-rt.  Since
 * 6.12, the ABI name has no number behind a dash: 6.12.117+deb12-cloud-amd64.
 */
static void debian_common_headers(const char *release, char *out, size_t size)
{
	size_t abi = strcspn(release, "-");
	const char *flavour;

	if (!memchr(release, '+', abi) && release[abi] && isdigit((unsigned char)release[abi + 1]))
		abi += 1 + strcspn(release + abi + 1, "-");
	flavour = release + abi;
	snprintf(out, size, "linux-headers-%.*s-common%s", (int)abi, release,
		 strncmp(flavour, "-rt-", 4) == 0 ? "-rt" : "");
}

static void debian_gone(const struct recipe_subject *subject, struct recipe *recipe)
{
	char version[80], shared[128];

	if (strcmp(subject->id, "debian") != 0 || strstr(subject->release, "+rpt") ||
	    !recipe_build_word(subject->build, "Debian ", version, sizeof(version)))
		return;
	debian_common_headers(subject->release, shared, sizeof(shared));
	snprintf(recipe->gone, sizeof(recipe->gone),
		 "Debian keeps all versions at snapshot.debian.org; this kernel is linux %s there.",
		 version);
	recipe_command(&recipe->gone_commands, true, "apt-get install -y devscripts");
	recipe_command(&recipe->gone_commands, false,
		       "debsnap -d headers -a \"$(dpkg --print-architecture)\" linux-headers-%s %s",
		       subject->release, version);
	recipe_command(&recipe->gone_commands, false, "debsnap -f -d headers -a all %s %s", shared,
		       version);
	recipe_command(&recipe->gone_commands, true, "%s ./headers/*.deb%s%s", recipe->install,
		       recipe->compiler ? " " : "", recipe->compiler ? recipe->compiler : "");
}

void recipe_debian(const struct recipe_subject *subject, struct recipe *recipe)
{
	bool pi = strstr(subject->release, "+rpt") || strcmp(subject->id, "raspbian") == 0;
	unsigned int major = strcmp(subject->id, "debian") == 0 ? recipe_major(subject->version_id) : 0;

	common(subject, recipe);
	/* clang: 7 in Debian 10, which has 11 under that name; 11 in Debian 11. */
	if (major == 10)
		recipe->compiler = "clang-11 llvm-11";
	else if (major && major < 10)
		recipe->compiler = NULL;
	if (major > 10 && !pi)
		snprintf(recipe->image, sizeof(recipe->image), "docker.io/library/debian:%u", major);
	if (pi)
		snprintf(recipe->gone, sizeof(recipe->gone),
			 "Raspberry Pi's kernels, and their older versions, are at "
			 "archive.raspberrypi.com.");
	/* Since 6.12, whose releases have this form. */
	if (strstr(subject->release, "+deb"))
		snprintf(recipe->note, sizeof(recipe->note),
			 "Debian's headers of this kernel depend on the kernel: where it is not installed, "
			 "it will be.");
	debian_gone(subject, recipe);
	snprintf(recipe->debug, sizeof(recipe->debug),
		 "It is large, 300 MB of a cloud kernel and 900 MB of others, and needs no compiler.");
	recipe_command(&recipe->debug_commands, true, "apt-get update");
	recipe_command(&recipe->debug_commands, true, "apt-get install -y linux-image-%s-dbg dwarves",
		       subject->release);
}

struct ubuntu_source {
	char name[112];          /* of the source package */
	char shared[208];        /* the package with the headers that flavours share */
	char version[160];
};

/*
 * 5.15.0-119-generic, "#129-Ubuntu": linux, linux-headers-5.15.0-119, 5.15.0-119.129.  A flavour of
 * its own, or (by "~" in the build) a kernel of a later release, has a source of its own:
 * 6.2.0-1012-aws, "#12~22.04.1-Ubuntu": linux-aws-6.2, linux-aws-6.2-headers-6.2.0-1012.
 */
static bool ubuntu_find_source(const struct recipe_subject *subject, struct ubuntu_source *source)
{
	const char *release = subject->release, *build = subject->build, *flavour;
	const char *end = strstr(build, "-Ubuntu");
	char upload[64], base[80], flavour_part[72] = "", series_part[80] = "";
	size_t series = strcspn(release, ".") + 1;

	flavour = strchr(release, '-');
	flavour = flavour ? strchr(flavour + 1, '-') : NULL;
	if (*build != '#' || !end || !flavour)
		return false;
	snprintf(upload, sizeof(upload), "%.*s", (int)(end - build - 1), build + 1);
	snprintf(base, sizeof(base), "%.*s", (int)(flavour - release), release);
	if (!recipe_is_plain(upload))
		return false;
	if (strcmp(flavour, "-generic") != 0)
		snprintf(flavour_part, sizeof(flavour_part), "%s", flavour);
	else if (strchr(upload, '~'))
		snprintf(flavour_part, sizeof(flavour_part), "-hwe");
	series += strcspn(release + series, ".");
	if (strchr(upload, '~'))
		snprintf(series_part, sizeof(series_part), "-%.*s", (int)series, release);
	snprintf(source->name, sizeof(source->name), "linux%.64s%.32s", flavour_part, series_part);
	/* Of linux alone, it is not named after the source. */
	if (strcmp(source->name, "linux") == 0)
		snprintf(source->shared, sizeof(source->shared), "linux-headers-%s", base);
	else
		snprintf(source->shared, sizeof(source->shared), "%s-headers-%s", source->name, base);
	snprintf(source->version, sizeof(source->version), "%s.%s", base, upload);
	return true;
}

static void ubuntu_gone(const struct recipe_subject *subject, struct recipe *recipe)
{
	struct ubuntu_source source;

	if (!ubuntu_find_source(subject, &source))
		return;
	snprintf(recipe->gone, sizeof(recipe->gone),
		 "Ubuntu keeps all versions at https://launchpad.net/ubuntu/+source/%s/%s.",
		 source.name, source.version);
	recipe_command(&recipe->gone_commands, true, "apt-get install -y ubuntu-dev-tools");
	recipe_command(&recipe->gone_commands, false, "pull-lp-debs linux-headers-%s %s",
		       subject->release, source.version);
	recipe_command(&recipe->gone_commands, false, "pull-lp-debs %s %s", source.shared,
		       source.version);
	recipe_command(&recipe->gone_commands, true, "%s ./linux-*headers-*.deb%s%s", recipe->install,
		       recipe->compiler ? " " : "", recipe->compiler ? recipe->compiler : "");
}

void recipe_ubuntu(const struct recipe_subject *subject, struct recipe *recipe)
{
	unsigned int major = strcmp(subject->id, "ubuntu") == 0 ? recipe_major(subject->version_id) : 0;

	common(subject, recipe);
	/* clang: 6 in 18.04, which has 10 under that name; 10 in 20.04. */
	if (major == 18)
		recipe->compiler = "clang-10 llvm-10";
	else if (major && major < 18)
		recipe->compiler = NULL;
	if (major >= 18)
		snprintf(recipe->image, sizeof(recipe->image), "docker.io/library/ubuntu:%s",
			 subject->version_id);
	ubuntu_gone(subject, recipe);
	snprintf(recipe->debug, sizeof(recipe->debug),
		 "It is large, in Ubuntu's archive of debug symbols, and needs no compiler.");
	recipe_command(&recipe->debug_commands, true, "apt-get install -y ubuntu-dbgsym-keyring");
	recipe_command(&recipe->debug_commands, true,
		       "sh -c '. /etc/os-release; for s in \"\" -updates; do echo \"deb "
		       "http://ddebs.ubuntu.com ${UBUNTU_CODENAME:-$VERSION_CODENAME}$s main universe\"; "
		       "done >/etc/apt/sources.list.d/ddebs.list'");
	recipe_command(&recipe->debug_commands, true, "apt-get update");
	recipe_command(&recipe->debug_commands, true,
		       "apt-get install -y linux-image-%s-dbgsym dwarves", subject->release);
}
