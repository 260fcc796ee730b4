// SPDX-License-Identifier: BSD-2-Clause
/* A kprobe on a function that the compiler puts inline everywhere. */
#include "subject.h"

NOTHING("kprobe/skb_headlen", inlined)
