// SPDX-License-Identifier: BSD-2-Clause
/* A tracepoint of a system call: it needs CONFIG_FTRACE_SYSCALLS as well. */
#include "subject.h"

NOTHING("tracepoint/syscalls/sys_enter_execve", on_execve)
