/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What loads can still fail to attach: a kprobe program loads on a kernel without kprobes.  This
 * says beforehand what the kernel's configuration and mounts have to say about it.
 */
#ifndef DECIDE_ATTACH_H
#define DECIDE_ATTACH_H

#include "decide/decide.h"

struct obstacle {
	const struct program_needs *program; /* NULL: there is none */
	const char *option;      /* CONFIG_... that is off; NULL: tracefs is not mounted */
};

/* The first program that must run under this plan and cannot be attached. */
struct obstacle attach_obstacle(const struct facts *facts, const struct needs *needs,
				const struct plan *plan);

#endif
