/* SPDX-License-Identifier: BSD-2-Clause */
/* Whether what a generation holds for this kernel may be used. */
#ifndef RUNTIME_STORED_H
#define RUNTIME_STORED_H

#include "decide/decide.h"

#include "runtime/generation.h"

/*
 * The state of the BTF stored for the running kernel.  A stored BTF of another build of the
 * release is stale, unless the generation's payload says that this build has the very same one.
 * Where the kernel's own BTF was installed (as a link) and is gone, the payload may have one.
 */
enum stored_state stored_state(const struct generation *generation, const struct facts *facts);

/* True when what is stored for the running kernel was chosen as all builds around it have it. */
bool stored_is_nearest(const struct generation *generation, const struct facts *facts);

/*
 * For a kernel for which nothing is stored: appends what all builds around it have in the
 * generation's payload, and says whose it is, as neighbours_say() does.  Nothing where they do not
 * agree.
 */
int stored_nearest(const struct generation *generation, const struct facts *facts,
		   struct buffer *btf, char *around, size_t size, struct error *err);

#endif
