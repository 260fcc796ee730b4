/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What an object needs of a kernel, as far as it can be read from the object and its manifest:
 * which programs need the kernel's own BTF (no shipped BTF can serve them), and what stands in
 * for them.
 */
#ifndef DECIDE_NEEDS_H
#define DECIDE_NEEDS_H

#include <stdbool.h>

#include "core/object.h"
#include "payload/manifest.h"

struct program_needs {
	const char *name;
	const char *section;
	const char *kernel_btf;  /* why it needs the kernel's own BTF: "fentry", "kfunc" ...; or NULL */
	const char *alternative; /* from the manifest, when the object has it; NULL */
	bool optional;           /* from the manifest */
	bool is_alternative;     /* stands in for another program, so off unless it must */
	bool off;                /* SEC("?..."): libbpf loads it only when told to */
};

struct needs {
	struct program_needs *programs;
	size_t program_count;
	bool relocations;        /* has CO-RE relocations that ask the kernel's BTF */
	const char *kernel_btf;  /* why the object as a whole needs the kernel's own BTF; or NULL */
	bool ringbuf, perf_buffer; /* has maps of these types */
};

/*
 * True when any program that libbpf would load, or the object itself, needs the kernel's own BTF.
 */
bool needs_kernel_btf(const struct needs *needs);

/* The program of this name, or NULL. */
const struct program_needs *needs_program(const struct needs *needs, const char *name);

/* manifest may be NULL.  Strings point into object and manifest.  needs_free() frees. */
int needs_of(const struct object *object, const struct manifest *manifest, struct needs *out,
	     struct error *err);
void needs_free(struct needs *needs);

#endif
