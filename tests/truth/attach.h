/* SPDX-License-Identifier: BSD-2-Clause */
/* Attaching one program for a moment. */
#ifndef TESTS_TRUTH_ATTACH_H
#define TESTS_TRUTH_ATTACH_H

#include <bpf/libbpf.h>

enum attach_way {
	ATTACH_AUTO,             /* its section says where: libbpf does it */
	ATTACH_EXPLICIT,         /* its loader says where; this one knows a harmless place */
	ATTACH_NONE,             /* its loader says where, and no place is known here */
};

enum attach_way attach_way(const struct bpf_program *program);

/*
 * Attaches a loaded program of the explicit way to something of this process, the loopback device
 * or a new cgroup, and detaches it again.  0 or a negative errno.
 */
int attach_explicitly(const struct bpf_program *program);

#endif
