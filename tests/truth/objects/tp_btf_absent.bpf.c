// SPDX-License-Identifier: BSD-2-Clause
/* A tp_btf on a tracepoint that no kernel has. */
#include "subject.h"

NOTHING("tp_btf/no_such_tracepoint", nowhere)
