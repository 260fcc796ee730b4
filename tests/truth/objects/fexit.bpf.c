// SPDX-License-Identifier: BSD-2-Clause
/* An fexit, which needs the kernel's own BTF. */
#include "subject.h"

NOTHING("fexit/do_unlinkat", on_return)
