// SPDX-License-Identifier: BSD-2-Clause
/* A section whose name this libbpf does not know. */
#include "subject.h"

NOTHING("no_such_kind/of_program", unheard_of)
