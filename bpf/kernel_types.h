/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The kernel's types, and the helpers that read them, in one of two ways; to be copied, as event.h.
 *
 * CO-RE: types come from vmlinux.h, and the object is relocated with the BTF of whatever kernel
 * loads it.  With -DNO_CORE they come from the headers of one kernel, for which the object is
 * compiled, and no BTF is asked for: so a host without any can have its own (docs/objects.md).
 *
 * bpf_core_read.h's macros then mean what the compiler knows by itself, so that the same source
 * serves both: a member that this kernel does not have fails to compile.
 */
#ifndef BPF_KERNEL_TYPES_H
#define BPF_KERNEL_TYPES_H

#ifndef NO_CORE
#include "vmlinux.h"
#else
/* BPF's compiler lays structs out with pointers of 8 bytes, whatever clang was told of them. */
#if __SIZEOF_POINTER__ != 8
#error "NO_CORE: an object for a 32-bit kernel would read wrong places; only CO-RE serves it"
#endif
/* The kernel's compiler shuffled structs, and this one does not know how. */
#if defined(CONFIG_RANDSTRUCT) || defined(CONFIG_GCC_PLUGIN_RANDSTRUCT)
#error "NO_CORE: this kernel's structs are laid out at random (RANDSTRUCT); only CO-RE serves it"
#endif

/* kernel.h: container_of() and others, which bpf_helpers.h leaves alone where they are. */
#include <linux/kernel.h>
#include <linux/types.h>
#include <linux/version.h>
#include <uapi/linux/bpf.h>
#endif

#include <bpf/bpf_helpers.h>

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_tracing.h>

#ifdef NO_CORE
/* The kernel's `noinline` is an attribute as a whole. */
#undef __noinline
#define __noinline noinline

/* All of BPF_CORE_READ() and its like go through this one. */
#define __builtin_preserve_access_index(expression) (expression)

#undef BPF_CORE_READ_BITFIELD_PROBED
#undef bpf_core_field_exists
#undef bpf_core_field_size
#undef bpf_core_field_offset
#undef bpf_core_type_exists
#undef bpf_core_type_size
#undef bpf_core_enum_value_exists
#undef bpf_core_enum_value

/* A number of any size; a true bit field has no address, and fails to compile. */
#define BPF_CORE_READ_BITFIELD_PROBED(source, field) BPF_CORE_READ(source, field)
#define bpf_core_field_exists(field) ((void)sizeof(field), 1)
#define bpf_core_field_size(field) sizeof(field)
#define bpf_core_field_offset(type, field) offsetof(type, field)
#define bpf_core_type_exists(type) ((void)sizeof(type), 1)
#define bpf_core_type_size(type) sizeof(type)
#define bpf_core_enum_value_exists(type, value) ((void)(type)(value), 1)
#define bpf_core_enum_value(type, value) ((u64)(type)(value))

/*
 * What a program at tracepoint syscalls/sys_enter_*, sys_exit_* is given; headers have macros that
 * make these, and no declaration.
 */
struct trace_event_raw_sys_enter {
	u64 common; /* struct trace_entry */
	long id;
	unsigned long args[6];
};

struct trace_event_raw_sys_exit {
	u64 common;
	long id;
	long ret;
};
#endif

#endif
