/* SPDX-License-Identifier: BSD-2-Clause */
/* Whose kernel it is, and so whose packages have its headers.  builder/ only. */
#ifndef BUILDER_DISTROS_H
#define BUILDER_DISTROS_H

#include "builder/recipe.h"
#include "host/facts.h"

enum distro_match {
	MATCH_NONE,              /* nothing is known of that kernel */
	MATCH_ID,                /* os-release's ID */
	MATCH_ID_LIKE,           /* a word of ID_LIKE: a derivative */
	MATCH_KERNEL,            /* the kernel's release or build, against os-release */
};

struct distro_choice {
	enum distro_match match;
	const char *id;          /* as os-release writes it; "" for none */
	const char *name;        /* as people write it */
	char version_id[65];     /* of that distribution; "" when not known */
	recipe_maker *make;
};

/*
 * By ID, then the words of ID_LIKE in their order.  A kernel that says itself that it is another
 * distribution's (".el9", "-Ubuntu") wins: os-release is then that of a container, or of a user
 * space that was put on top of that kernel.  build is "" when not known.
 */
struct distro_choice distro_choose(const struct os_release *os, const char *release,
				   const char *build);

/* "id", "id_like", "kernel" or "none". */
const char *distro_match_name(enum distro_match match);

#endif
