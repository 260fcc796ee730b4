// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * proctrace: what processes do that matters to security, and alerts where it looks like an attack.
 *
 * Raw tracepoints and tracepoints only, so that neither kprobes nor the kernel's own BTF are
 * needed; kernel memory is read through CO-RE only, so that one object serves 5.10 to 7.x on every
 * architecture.  With -DNO_CORE it is compiled for one kernel, with its headers (kernel_types.h).
 * System calls are looked at when they are done, and what they did is read from the kernel where it
 * can be: arguments in user memory can change under way.
 */
#include "kernel_types.h"

/* Each includes what it builds on: kernel, record, filter, process, alert, call. */
#include "proctrace_processes.h"
#include "proctrace_files.h"
#include "proctrace_sockets.h"
#include "proctrace_intrusion.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";
