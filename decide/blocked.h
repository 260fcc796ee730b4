/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who is likely to have said EPERM: the kernel does not tell.  What a process lacks is certain and
 * comes first; filters, lockdown and security modules follow, as far as they are known to be on.
 */
#ifndef DECIDE_BLOCKED_H
#define DECIDE_BLOCKED_H

#include "decide/evidence.h"

enum operation {
	OPERATION_LOAD,          /* bpf(2): maps and programs */
	OPERATION_ATTACH,        /* bpf(2): links */
	OPERATION_PERF_EVENT,    /* perf_event_open(2), for tracepoints and kprobes */
	OPERATION_UPROBE,        /* perf_event_open(2), for uprobes */
	OPERATION_TRACEFS,       /* reading the number of an event */
};

/*
 * Fills *out with ANSWER_BLOCKED, the class, why and what to do.  error is the positive errno;
 * program, for what it takes, may be NULL: any tracing program.
 */
void blocked_by(const struct evidence *evidence, const struct program_needs *program,
		enum operation operation, int error, struct finding *out);

/* Says how whoever starts this process gives it these capabilities. */
void advise_capabilities(const struct facts *facts, const char *missing, struct finding *out);

/*
 * "CAP_BPF and CAP_PERFMON": what loading such a program takes and this process lacks; "" when that
 * is nothing.  Gives text.
 */
enum { MISSING_CAPABILITIES_SIZE = 64 };
const char *missing_capabilities(const struct facts *facts, const struct program_needs *program,
				 char text[static MISSING_CAPABILITIES_SIZE]);

/* True for a program type (enum bpf_prog_type) that the kernel wants CAP_NET_ADMIN for, too. */
bool takes_net_admin(uint32_t type);

#endif
