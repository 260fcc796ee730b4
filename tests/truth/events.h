/* SPDX-License-Identifier: BSD-2-Clause */
/* What docs/objects.md says of objects that have both a ring buffer and a perf buffer. */
#ifndef TESTS_TRUTH_EVENTS_H
#define TESTS_TRUTH_EVENTS_H

#include <bpf/libbpf.h>

/*
 * Of such an object switches on the buffer that this kernel has, and leaves the other out.  To be
 * called before the object is loaded; others are left alone.
 */
void events_choose(struct bpf_object *object);

#endif
