// SPDX-License-Identifier: BSD-2-Clause
/* A hook of the BPF security module. */
#include "subject.h"

NOTHING("lsm/file_open", on_open)
