/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>

#include "lib/console.h"

#include "runtime/landlock.h"
#include "runtime/privileges.h"
#include "runtime/sandbox.h"
#include "runtime/syscalls.h"

/* At exit they look for leaks: that starts threads, traces the process and reads /proc. */
#if defined(__SANITIZE_ADDRESS__)
#define WITH_SANITIZERS 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WITH_SANITIZERS 1
#endif
#endif
#ifndef WITH_SANITIZERS
#define WITH_SANITIZERS 0
#endif

static void enter_landlock(const struct sandbox_request *request, struct sandbox *out)
{
	struct error err = ERROR_NONE;
	int abi = landlock_enter(request->output, request->socket, &err);

	if (abi >= 0)
		out->landlock = abi;
	else if (abi == -ENOSYS || abi == -EOPNOTSUPP)
		console_note("run: landlock: is not in this kernel, or is switched off: files are guarded "
			     "by their modes and the filter of system calls only");
	else
		console_warn("run: %s: files are guarded by their modes and the filter of system calls "
			     "only", err.text);
}

static void enter_seccomp(const struct sandbox_request *request, struct sandbox *out)
{
	struct error err = ERROR_NONE;

	if (syscalls_restrict(request, &err))
		console_warn("run: %s: system calls are not filtered", err.text);
	else
		out->seccomp = true;
}

void sandbox_enter(const struct sandbox_request *request, struct sandbox *out)
{
	*out = (struct sandbox){
		.capabilities = privileges_held(), .no_new_privs = privileges_are_final(),
	};
	out->kept_for = !out->capabilities ? "" : request->kept_for[0] ? request->kept_for :
			"they could not be given up";
	if (WITH_SANITIZERS) {
		console_note("run: built with sanitizers: landlock and the filter of system calls are "
			     "left out");
		return;
	}
	enter_landlock(request, out);
	enter_seccomp(request, out);
}
