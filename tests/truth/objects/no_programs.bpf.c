// SPDX-License-Identifier: BSD-2-Clause
/* Maps and no program. */
#include "subject.h"

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, u32);
} lonely SEC(".maps");
