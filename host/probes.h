/* SPDX-License-Identifier: BSD-2-Clause */
/* What the running kernel lets this process do.  No program of the application is loaded for it. */
#ifndef HOST_PROBES_H
#define HOST_PROBES_H

#include "host/facts.h"

struct probe probe_bpf_syscall(void);
struct probe probe_ringbuf(void);
struct probe probe_cap_bpf(void);
struct probe probe_secure_exec(void);

/* From files below a root directory. */
struct probe probe_lockdown(int root_fd);
struct probe probe_tracefs(int root_fd);

#endif
