/* SPDX-License-Identifier: BSD-2-Clause */
/* Inside host/: the parts of policy_read(), one for each place that policies come from. */
#ifndef HOST_POLICY_PARTS_H
#define HOST_POLICY_PARTS_H

#include "host/policy.h"

/* Privileges and limits of this process; live: capget(2) where /proc does not say. */
void process_read(int root_fd, bool live, struct policy *out);

/*
 * lockdown and the list of security modules; mounts: where securityfs is not, by detached_mount().
 */
void security_read(int root_fd, bool mounts, struct policy *out);

/* Container and WSL. */
void surroundings_read(int root_fd, const char *release, struct policy *out);

#endif
