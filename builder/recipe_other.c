/* SPDX-License-Identifier: BSD-2-Clause */
/* Arch Linux, Manjaro and Alpine, which keep the newest version; kernels of no distribution. */
#include <stdio.h>
#include <string.h>

#include "builder/recipe.h"

static void pacman(const struct recipe_subject *subject, struct recipe *recipe)
{
	recipe->install = "pacman -S --needed --noconfirm";
	recipe->compiler = "clang llvm";
	snprintf(recipe->folder, sizeof(recipe->folder), "/usr/lib/modules/%s/build", subject->release);
	snprintf(recipe->carried, sizeof(recipe->carried), "usr/lib/modules/%s/build",
		 subject->release);
}

/* True, and what stands in front of it, when text ends with tail. */
static bool ends_with(const char *text, const char *tail, char *front, size_t size)
{
	size_t length = strlen(text), end = strlen(tail);

	if (length <= end || strcmp(text + length - end, tail) != 0)
		return false;
	snprintf(front, size, "%.*s", (int)(length - end), text);
	return true;
}

/*
 * The package of a release: 6.6.54-1-lts is linux-lts 6.6.54-1, 6.11.1-zen1-1-zen is linux-zen
 * 6.11.1.zen1-1, 6.11.1-arch1-1 is linux 6.11.1.arch1-1: a version has no dash but the last one.
 */
static bool arch_package(const char *release, const char **flavour, char *version, size_t size)
{
	static const char *const FLAVOURS[] = { "-lts", "-zen", "-hardened" };
	char *dash, *last;
	size_t i;

	*flavour = "";
	snprintf(version, size, "%s", release);
	for (i = 0; i < sizeof(FLAVOURS) / sizeof(FLAVOURS[0]) && !**flavour; i++)
		if (ends_with(release, FLAVOURS[i], version, size))
			*flavour = FLAVOURS[i];
	if (!**flavour && !strstr(version, "-arch"))
		return false;
	last = strrchr(version, '-');
	for (dash = strchr(version, '-'); dash && dash != last; dash = strchr(dash, '-'))
		*dash = '.';
	return last != NULL;
}

void recipe_arch(const struct recipe_subject *subject, struct recipe *recipe)
{
	const char *flavour;
	char version[80];

	pacman(subject, recipe);
	if (!arch_package(subject->release, &flavour, version, sizeof(version))) {
		/* A derivative's: named after the package that the kernel's files are of. */
		snprintf(recipe->headers, sizeof(recipe->headers),
			 "\"$(pacman -Qqo /usr/lib/modules/%s/vmlinuz)-headers\"", subject->release);
		return;
	}
	snprintf(recipe->headers, sizeof(recipe->headers), "linux%s-headers", flavour);
	snprintf(recipe->note, sizeof(recipe->note),
		 "The repositories have the newest version only, which fits as long as `pacman -Si "
		 "linux%s` says %s; the archive has all.", flavour, version);
	snprintf(recipe->gone, sizeof(recipe->gone), "The Arch Linux Archive keeps all versions.");
	recipe_command(&recipe->gone_commands, true,
		       "pacman -U --noconfirm https://archive.archlinux.org/packages/l/linux%s-headers/"
		       "linux%s-headers-%s-%s.pkg.tar.zst", flavour, flavour, version,
		       subject->machine);
	recipe_command(&recipe->gone_commands, true, "pacman -S --needed --noconfirm clang llvm");
}

/* 6.6.54-2-MANJARO: a package for each series, linux66-headers. */
void recipe_manjaro(const struct recipe_subject *subject, struct recipe *recipe)
{
	size_t major = strcspn(subject->release, "."), minor;

	pacman(subject, recipe);
	minor = subject->release[major] ? strspn(subject->release + major + 1, "0123456789") : 0;
	snprintf(recipe->headers, sizeof(recipe->headers), "linux%.*s%.*s-headers", (int)major,
		 subject->release, (int)minor, subject->release + major + (minor ? 1 : 0));
	snprintf(recipe->note, sizeof(recipe->note),
		 "The repositories have the newest version of a series only; where that is no longer "
		 "%s, upgrade and boot it.", subject->release);
}

/* 6.6.49-0-lts is linux-lts-dev 6.6.49-r0 (aports, main/linux-lts/APKBUILD). */
void recipe_alpine(const struct recipe_subject *subject, struct recipe *recipe)
{
	const char *dash = strchr(subject->release, '-');
	const char *flavour = dash ? strchr(dash + 1, '-') : NULL;
	char branch[64];

	recipe->become_root = "doas";
	recipe->refresh = "apk update";
	recipe->install = "apk add";
	recipe->compiler = "clang llvm";
	snprintf(recipe->folder, sizeof(recipe->folder), "/usr/src/linux-headers-%s", subject->release);
	snprintf(recipe->carried, sizeof(recipe->carried), "usr/src/linux-headers-%s",
		 subject->release);
	if (flavour)
		snprintf(recipe->headers, sizeof(recipe->headers), "linux-%s-dev=%.*s-r%.*s",
			 flavour + 1, (int)(dash - subject->release), subject->release,
			 (int)(flavour - dash - 1), dash + 1);
	recipe_before_last(subject->version_id, '.', branch, sizeof(branch));
	if (strcmp(subject->id, "alpine") == 0 && strchr(branch, '.'))
		snprintf(recipe->image, sizeof(recipe->image), "docker.io/library/alpine:%s", branch);
	snprintf(recipe->gone, sizeof(recipe->gone),
		 "Alpine keeps the newest version of a branch only: `apk upgrade linux-%s`, boot it, and "
		 "see again; or build the package of this one from aports.",
		 flavour ? flavour + 1 : "lts");
}

void recipe_generic(const struct recipe_subject *subject, struct recipe *recipe)
{
	snprintf(recipe->note, sizeof(recipe->note),
		 "No package is known to have the headers of this kernel. Its source tree has them, with "
		 "the configuration that it was built with: /proc/config.gz, /boot/config-%s, or from "
		 "who built it.", subject->release);
}

void recipe_wsl(const struct recipe_subject *subject, struct recipe *recipe)
{
	char version[80];

	snprintf(version, sizeof(version), "%.*s", (int)strcspn(subject->release, "-"),
		 subject->release);
	snprintf(recipe->note, sizeof(recipe->note),
		 "No package has the headers of WSL's kernel. Its source tree is the tag linux-msft-wsl-%s "
		 "of https://github.com/microsoft/WSL2-Linux-Kernel, its configuration /proc/config.gz.",
		 version);
}
