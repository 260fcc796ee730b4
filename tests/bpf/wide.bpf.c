/* SPDX-License-Identifier: BSD-2-Clause */
/* Asks for 64-bit enumerators through an enum that the compiler knew as a 32-bit one. */
#include "ask.h"

volatile __u64 sink;

enum wide { WIDE_HIGH = 7, WIDE_NONE = 8 };
enum wide___match { WIDE_LOW };

SEC("raw_tp/sys_enter")
int wide(void *ctx)
{
	keep(bpf_core_enum_value(enum wide, WIDE_HIGH));
	keep(bpf_core_enum_value_exists(enum wide, WIDE_NONE));
	keep(bpf_core_type_size(enum wide));
	keep(bpf_core_type_exists(enum wide___match));
	return 0;
}
