/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Attaching, for a trial, what libbpf does not attach by itself because a section does not say
 * where: XDP, TC, cgroup and network namespace programs, perf events.  It is done in a network
 * namespace and a cgroup that nobody else is in, so that no packet and no process of the host
 * meets the program.
 */
#ifndef LOADER_FOREIGN_H
#define LOADER_FOREIGN_H

#include <bpf/libbpf.h>

#include "lib/error.h"

/* Moves this process, which is made for the trial, to a network namespace of its own if it can. */
void foreign_prepare(void);

/* True for types of programs that foreign_touch() knows a place for. */
bool foreign_can_touch(uint32_t type);

/* Attaches a loaded program and detaches it again; failures as explain_attach(). */
enum exit_status foreign_touch(struct bpf_program *program, const char *object,
			       struct error *err);

#endif
