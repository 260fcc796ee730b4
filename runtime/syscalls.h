/* SPDX-License-Identifier: BSD-2-Clause */
/* Which system calls a run may make: a seccomp filter that cannot be taken off. */
#ifndef RUNTIME_SYSCALLS_H
#define RUNTIME_SYSCALLS_H

#include "lib/error.h"

#include "runtime/sandbox.h"

/*
 * Takes no_new_privs or CAP_SYS_ADMIN.  A negative errno: nothing is filtered; -EINVAL where the
 * kernel has no filters, or is an emulation without them.
 */
int syscalls_restrict(const struct sandbox_request *request, struct error *err);

#endif
