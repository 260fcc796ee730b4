// SPDX-License-Identifier: BSD-2-Clause
/* A tp_btf, which needs the kernel's own BTF. */
#include "subject.h"

NOTHING("tp_btf/sched_process_exec", on_exec)
