/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "btfpack/distro.h"

/* Releases and the kernel series that each came with. */
struct series {
	const char *version_id, *series;
};

static const struct series debian_series[] = {
	{ "13", "6.12." }, { "12", "6.1." }, { "11", "5.10." }, { "10", "4.19." }, { NULL, NULL },
};

static const struct series ubuntu_series[] = {
	{ "16.04", "4.4." }, { "18.04", "4.15." }, { "20.04", "5.4." }, { "22.04", "5.15." },
	{ "22.10", "5.19." }, { "23.04", "6.2." }, { "23.10", "6.5." }, { "24.04", "6.8." },
	{ "24.10", "6.11." }, { "25.04", "6.14." }, { "25.10", "6.17." }, { NULL, NULL },
};

static struct distro distro(const char *id, const char *version_id)
{
	struct distro out = { .id = "" };

	snprintf(out.id, sizeof(out.id), "%s", id);
	snprintf(out.version_id, sizeof(out.version_id), "%s", version_id);
	return out;
}

static const char *by_series(const struct series *list, const char *release)
{
	for (; list->series; list++)
		if (strncmp(release, list->series, strlen(list->series)) == 0)
			return list->version_id;
	return NULL;
}

/* The number behind "deb" or "~bpo" as in 7.1.3+deb13, 6.1.0-0.deb11.52, 7.3.4-1~bpo13+1. */
static bool debian_mark(const char *text, char number[static 3])
{
	static const char *const marks[] = { "deb", "bpo" };
	const char *at;
	size_t i;

	for (i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		for (at = text; (at = strstr(at, marks[i])); at++) {
			if (sscanf(at + strlen(marks[i]), "%2[0-9]", number) == 1)
				return true;
		}
	return false;
}

/* A mark counts when it names a Debian that was released; without one the series decides. */
static const char *debian_version_id(const char *version, const char *release)
{
	const char *found = by_series(debian_series, release);
	char number[3];
	size_t i;

	if (!debian_mark(release, number) && !debian_mark(version, number))
		return found ? found : "sid";
	for (i = 0; debian_series[i].version_id; i++)
		if (strcmp(number, debian_series[i].version_id) == 0)
			return debian_series[i].version_id;
	return "sid";
}

/* Backports carry the release they are for: 5.15.0-1041.48~20.04.1, #46~18.04.1-Ubuntu. */
static struct distro ubuntu(const char *version, const char *release)
{
	const char *mark = strchr(version, '~'), *series = by_series(ubuntu_series, release);
	char number[6];

	if (mark && sscanf(mark, "~%5[0-9.]", number) == 1 && strlen(number) == 5)
		return distro("ubuntu", number);
	return distro("ubuntu", series ? series : "");
}

struct distro distro_of_build(const char *build, const char *release)
{
	const char *at = strstr(build, " Debian ");
	char version[128];

	/* "#1 SMP Debian 6.1.190-1 (...)" has the version of the package. */
	if (at && sscanf(at, " Debian %127s", version) == 1)
		return distro("debian", debian_version_id(version, release));
	if (strstr(build, "-Ubuntu "))
		return ubuntu(build, release);
	return distro("", "");
}

struct distro distro_of_deb(const char *maintainer, const char *version, const char *release)
{
	if (strstr(maintainer, "Ubuntu") || strstr(maintainer, "ubuntu.com"))
		return ubuntu(version, release);
	return distro("debian", debian_version_id(version, release));
}

/* Who builds kernels of Enterprise Linux, by a word of the package's vendor. */
static const char *enterprise_id(const char *vendor, const char *suffix)
{
	static const char *const vendors[][2] = {
		{ "CentOS", "centos" }, { "Oracle", "ol" }, { "AlmaLinux", "almalinux" },
		{ "Rocky", "rocky" },
	};
	size_t i;

	if (strstr(suffix, "uek"))
		return "ol";
	for (i = 0; i < sizeof(vendors) / sizeof(vendors[0]); i++)
		if (strstr(vendor, vendors[i][0]))
			return vendors[i][1];
	return "rhel";
}

/* SUSE has no suffix, but since 15 its package releases begin with the product: 150400.24.63. */
static struct distro suse(const char *vendor, const char *release)
{
	const char *id = strstr(vendor, "openSUSE") ? "opensuse-leap" : "sles";
	const char *product = strchr(release, '-');
	char version[DISTRO_FIELD_SIZE];
	unsigned long number = product ? strtoul(product + 1, NULL, 10) : 0;

	if (number < 150000 || number >= 1000000)
		return distro(id, "");
	snprintf(version, sizeof(version), "%lu.%lu", number / 10000, number / 100 % 100);
	return distro(id, version);
}

struct distro distro_of_rpm(const char *vendor, const char *release)
{
	static const struct {
		const char *mark, *id, *ending; /* NULL: one of Enterprise Linux */
	} suffixes[] = {
		{ ".el", NULL, "" }, { ".fc", "fedora", "" }, { ".amzn", "amzn", "" },
		{ ".cm", "mariner", ".0" }, { ".azl", "azurelinux", ".0" }, { ".ph", "photon", ".0" },
	};
	char number[8], version[DISTRO_FIELD_SIZE];
	const char *at, *id;
	size_t i;

	for (i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
		at = strstr(release, suffixes[i].mark);
		if (!at || sscanf(at + strlen(suffixes[i].mark), "%7[0-9]", number) != 1)
			continue;
		id = suffixes[i].id ? suffixes[i].id : enterprise_id(vendor, at);
		snprintf(version, sizeof(version), "%s%s", number, suffixes[i].ending);
		return distro(id, distro_version_id(id, version));
	}
	return strstr(vendor, "SUSE") ? suse(vendor, release) : distro("", "");
}

const char *distro_version_id(const char *id, const char *version_id)
{
	static const char *const spellings[][3] = {
		{ "amzn", "1", "2018.03" },       { "debian", "stretch", "9" },
		{ "debian", "buster", "10" },     { "debian", "bullseye", "11" },
		{ "debian", "bookworm", "12" },   { "debian", "trixie", "13" },
		{ "ubuntu", "xenial", "16.04" },  { "ubuntu", "bionic", "18.04" },
		{ "ubuntu", "focal", "20.04" },   { "ubuntu", "jammy", "22.04" },
		{ "ubuntu", "noble", "24.04" },
	};
	size_t i;

	for (i = 0; i < sizeof(spellings) / sizeof(spellings[0]); i++)
		if (strcmp(id, spellings[i][0]) == 0 && strcmp(version_id, spellings[i][1]) == 0)
			return spellings[i][2];
	return version_id;
}
