/* SPDX-License-Identifier: BSD-2-Clause */
/* How a generation stands to the kernel that runs: what `status` says of it, and `path` too. */
#ifndef INSTALLER_RUNNING_H
#define INSTALLER_RUNNING_H

#include <sys/utsname.h>

#include "runtime/generation.h"

/* The states of docs/schema/status.json, in its order. */
enum running {
	RUNNING_COVERED,
	RUNNING_UNCOVERED,       /* planned for, and no BTF was to be had, or is to be had now */
	RUNNING_STALE,           /* planned for another build of this release */
	RUNNING_ABSENT,          /* not planned for */
	RUNNING_GONE,            /* its own BTF was there, and is not now; the payload has one */
};

enum running running_state(const struct generation *generation, const struct utsname *uts);
const char *running_name(enum running running);

/* What to tell about a state that is not RUNNING_COVERED: "KERNEL: " goes before it. */
const char *running_advice(enum running running);

/* False when the link to the kernel's own BTF leads nowhere. */
bool running_link_leads(const struct generation *generation, const char *release);

#endif
