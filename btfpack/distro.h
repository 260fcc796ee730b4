/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which distribution a kernel was built for, as os-release(5) there would say it; docs/archive.md
 * has the rules.  A field is "" where nothing tells it.
 */
#ifndef BTFPACK_DISTRO_H
#define BTFPACK_DISTRO_H

#include <stdbool.h>

enum { DISTRO_FIELD_SIZE = 32 };

struct distro {
	char id[DISTRO_FIELD_SIZE], version_id[DISTRO_FIELD_SIZE];
};

/* From uname -v and uname -r: Debian and Ubuntu have themselves in there. */
struct distro distro_of_build(const char *build, const char *release);

/* From the maintainer and the version of a Debian package, and uname -r. */
struct distro distro_of_deb(const char *maintainer, const char *version, const char *release);

/* From the vendor of an RPM and uname -r, whose suffix (.el8, .fc40 ...) names a version. */
struct distro distro_of_rpm(const char *vendor, const char *release);

/*
 * What os-release has for a VERSION_ID that archives spell in their own way ("bullseye", Amazon
 * Linux "1"); version_id itself where there is no other.
 */
const char *distro_version_id(const char *id, const char *version_id);

#endif
