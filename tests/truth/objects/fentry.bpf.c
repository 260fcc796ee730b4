// SPDX-License-Identifier: BSD-2-Clause
/* An fentry, which needs the kernel's own BTF. */
#include "subject.h"

NOTHING("fentry/do_unlinkat", on_entry)
