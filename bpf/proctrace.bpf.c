// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * proctrace: what processes do that matters to security, and alerts where it looks like an attack.
 *
 * Raw tracepoints and tracepoints only, so that neither kprobes nor the kernel's own BTF are
 * needed; kernel memory is read through CO-RE only, so that one object serves 5.10 to 7.x on every
 * architecture.  System calls are looked at when they are done, and what they did is read from the
 * kernel where it can be: arguments in user memory can change under way.
 */
#include "vmlinux.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

/* Each includes what it builds on: kernel, record, filter, process, alert, call. */
#include "bpf/proctrace_processes.h"
#include "bpf/proctrace_files.h"
#include "bpf/proctrace_sockets.h"
#include "bpf/proctrace_intrusion.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";
