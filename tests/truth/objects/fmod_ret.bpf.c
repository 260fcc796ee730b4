// SPDX-License-Identifier: BSD-2-Clause
/* An fmod_ret on a function whose result must not be changed. */
#include "subject.h"

NOTHING("fmod_ret/do_unlinkat", instead)
