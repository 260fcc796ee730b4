/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdio.h>
#include <string.h>

#include "builder/distros.h"

/* Distributions of one family write the same marks into their kernels. */
enum family { FAMILY_NONE, DEBIAN, UBUNTU, FEDORA, RHEL, ORACLE, AMAZON, SUSE, ARCH, ALPINE, WSL };

static const struct distro {
	const char *id, *name;
	enum family family;
	recipe_maker *make;
} DISTROS[] = {
	{ "debian", "Debian", DEBIAN, recipe_debian },
	{ "raspbian", "Raspberry Pi OS", DEBIAN, recipe_debian },
	{ "ubuntu", "Ubuntu", UBUNTU, recipe_ubuntu },
	{ "fedora", "Fedora", FEDORA, recipe_fedora },
	{ "rhel", "Red Hat Enterprise Linux", RHEL, recipe_rhel },
	{ "centos", "CentOS", RHEL, recipe_rhel },
	{ "almalinux", "AlmaLinux", RHEL, recipe_rhel },
	{ "rocky", "Rocky Linux", RHEL, recipe_rhel },
	{ "ol", "Oracle Linux", ORACLE, recipe_oracle },
	{ "amzn", "Amazon Linux", AMAZON, recipe_amazon },
	{ "sles", "SUSE Linux Enterprise Server", SUSE, recipe_suse },
	{ "sled", "SUSE Linux Enterprise Desktop", SUSE, recipe_suse },
	{ "sle-micro", "SUSE Linux Enterprise Micro", SUSE, recipe_suse },
	{ "opensuse-leap", "openSUSE Leap", SUSE, recipe_suse },
	{ "opensuse-tumbleweed", "openSUSE Tumbleweed", SUSE, recipe_suse },
	{ "opensuse", "openSUSE", SUSE, recipe_suse },
	{ "suse", "SUSE", SUSE, recipe_suse },
	{ "manjaro", "Manjaro", ARCH, recipe_manjaro },
	{ "arch", "Arch Linux", ARCH, recipe_arch },
	{ "alpine", "Alpine Linux", ALPINE, recipe_alpine },
	/* No ID: what a kernel says of itself is the same in RHEL and all of its rebuilds. */
	{ "el", "Red Hat Enterprise Linux, or a rebuild of it", RHEL, recipe_rhel },
	{ "wsl", "Windows Subsystem for Linux", WSL, recipe_wsl },
};

/* What a kernel says of its maker: part of its release, or of its build. */
static const struct mark {
	bool in_build;
	const char *text, *id;
	enum family also;        /* a family whose kernels may have that mark too */
} MARKS[] = {
	{ false, "-microsoft-", "wsl", FAMILY_NONE },
	{ false, ".amzn", "amzn", FAMILY_NONE },
	{ false, "uek.", "ol", FAMILY_NONE },
	{ false, ".fc", "fedora", FAMILY_NONE },
	{ false, ".el", "el", ORACLE },
	{ false, "-MANJARO", "manjaro", FAMILY_NONE },
	{ false, "-arch", "arch", FAMILY_NONE },
	{ true, "-Ubuntu", "ubuntu", FAMILY_NONE },
	{ true, "-Alpine", "alpine", FAMILY_NONE },
	{ true, "Debian ", "debian", FAMILY_NONE },
};

static const struct distro *find(const char *id, size_t length)
{
	size_t i;

	for (i = 0; i < sizeof(DISTROS) / sizeof(DISTROS[0]); i++)
		if (strlen(DISTROS[i].id) == length && memcmp(DISTROS[i].id, id, length) == 0)
			return &DISTROS[i];
	return NULL;
}

static const struct distro *find_like(const char *list)
{
	const struct distro *distro = NULL;
	size_t n;

	for (; *list && !distro; list += n + (list[n] != '\0')) {
		n = strcspn(list, " ");
		distro = find(list, n);
	}
	return distro;
}

static const struct mark *find_mark(const char *release, const char *build)
{
	size_t i;

	for (i = 0; i < sizeof(MARKS) / sizeof(MARKS[0]); i++)
		if (strstr(MARKS[i].in_build ? build : release, MARKS[i].text))
			return &MARKS[i];
	return NULL;
}

/* ".el8_10" -> "8.10", ".fc40" -> "40", ".amzn2023" -> "2023"; "" where a mark has no version. */
static void mark_version(const char *release, const struct mark *mark, char *out, size_t size)
{
	const char *at = mark->in_build ? NULL : strstr(release, mark->text);
	size_t major;

	*out = '\0';
	if (at && strcmp(mark->text, "uek.") == 0)
		at = strstr(release, ".el");
	if (!at || *at != '.')
		return;
	at += strcspn(at, "0123456789");
	major = strspn(at, "0123456789");
	snprintf(out, size, "%.*s", (int)major, at);
	if (at[major] == '_')
		snprintf(out + major, size - major, ".%.*s",
			 (int)strspn(at + major + 1, "0123456789"), at + major + 1);
}

struct distro_choice distro_choose(const struct os_release *os, const char *release,
				   const char *build)
{
	const struct distro *by_id = find(os->id, strlen(os->id));
	const struct distro *distro = by_id ? by_id : find_like(os->id_like), *maker = NULL;
	const struct mark *mark = find_mark(release, build);
	struct distro_choice choice = { .id = "", .name = "", .make = recipe_generic };

	if (mark)
		maker = find(mark->id, strlen(mark->id));
	if (maker && (!distro || (distro->family != maker->family && distro->family != mark->also))) {
		choice = (struct distro_choice){ .match = MATCH_KERNEL, .id = maker->id,
						 .name = maker->name, .make = maker->make };
		mark_version(release, mark, choice.version_id, sizeof(choice.version_id));
	} else if (distro) {
		/* A derivative counts its versions itself, and has its own archive. */
		choice = (struct distro_choice){ .match = by_id ? MATCH_ID : MATCH_ID_LIKE,
						 .id = by_id ? by_id->id : os->id,
						 .name = distro->name, .make = distro->make };
		if (recipe_is_plain(os->version_id))
			snprintf(choice.version_id, sizeof(choice.version_id), "%s", os->version_id);
	}
	return choice;
}

const char *distro_match_name(enum distro_match match)
{
	static const char *const NAMES[] = {
		[MATCH_NONE] = "none", [MATCH_ID] = "id", [MATCH_ID_LIKE] = "id_like",
		[MATCH_KERNEL] = "kernel",
	};

	return NAMES[match];
}
