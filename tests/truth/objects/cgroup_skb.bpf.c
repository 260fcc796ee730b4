// SPDX-License-Identifier: BSD-2-Clause
/* A filter of what a cgroup sends. */
#include "subject.h"

PASS("cgroup_skb/egress", pass, 1)
