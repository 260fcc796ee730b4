// SPDX-License-Identifier: BSD-2-Clause
/* A hook of the BPF security module for the processes of a cgroup. */
#include "subject.h"

PASS("lsm_cgroup/socket_bind", on_bind, 1)
