/* SPDX-License-Identifier: BSD-2-Clause */
/* What this thread knows of itself without BTF, from system calls and /proc. */
#ifndef LOADER_OWN_H
#define LOADER_OWN_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/utsname.h>

#include "host/facts.h"

struct own {
	enum truth initial_pid_namespace; /* yes: pids are those that the kernel uses itself */
	uint32_t parent;         /* getppid() */
	struct utsname uts;
	enum truth real_release; /* uname -r is what the kernel stores: no UNAME26 personality */
	int stat_error;          /* of /proc/thread-self/stat: 0 when what follows is known */
	uint64_t start_from, start_to; /* start_boottime lies in [from, to) */
	uint64_t arg_start, arg_end;
};

void own_read(struct own *own);

#endif
