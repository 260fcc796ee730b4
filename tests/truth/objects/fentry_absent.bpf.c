// SPDX-License-Identifier: BSD-2-Clause
/* An fentry on a function that the kernel's BTF does not have. */
#include "subject.h"

NOTHING("fentry/no_such_function", nowhere)
