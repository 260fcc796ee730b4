/* SPDX-License-Identifier: BSD-2-Clause */
/* A source compiled against a kernel's headers, into a BPF object. */
#ifndef BUILDER_COMPILE_H
#define BUILDER_COMPILE_H

#include <stdbool.h>

#include "builder/headers.h"
#include "builder/toolchain.h"
#include "builder/workshop.h"

/* How a kernel's sources, clang and libbpf's headers call an architecture. */
struct architecture {
	const char *name;        /* ours: x86_64, arm64 ... */
	const char *source;      /* folder below arch/ */
	const char *target;      /* clang's -target */
	const char *tracing;     /* __TARGET_ARCH_... */
	bool is_32_bit;          /* pointers have 4 bytes, and BPF's have 8 */
};

/* NULL: one that nobody has tried. */
const struct architecture *architecture_find(const char *name);

struct compile_request {
	const struct workshop *workshop;
	const struct toolchain *toolchain;
	const struct kernel_headers *headers;
	const struct architecture *architecture;
	const char *source;      /* file in the workshop, NAME.c */
	bool for_bpf;            /* it is a BPF program, and not only types: with -DNO_CORE */
};

/*
 * Compiles it; said holds what the compiler said, NUL-terminated, also of a success.  *object gets
 * the ELF file.  -EBADMSG: there are errors in it, and err has the first one; others as
 * workshop_run().
 */
int compile(const struct compile_request *request, struct buffer *object, struct buffer *said,
	    struct error *err);

#endif
