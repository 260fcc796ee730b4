// SPDX-License-Identifier: BSD-2-Clause
/* A kprobe.multi, which takes FPROBE and a link of its own. */
#include "subject.h"

NOTHING("kprobe.multi/do_unlink*", on_many)
