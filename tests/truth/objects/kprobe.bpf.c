// SPDX-License-Identifier: BSD-2-Clause
/* A kprobe and a kretprobe on a function that every kernel has. */
#include "subject.h"

NOTHING("kprobe/do_unlinkat", on_entry)
NOTHING("kretprobe/do_unlinkat", on_return)
