/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What an object needs of a kernel, as far as it can be read from the object and its manifest:
 * program types, helpers, maps and places to attach; which programs need the kernel's own BTF (no
 * shipped BTF can serve them), and what stands in for them.
 */
#ifndef DECIDE_NEEDS_H
#define DECIDE_NEEDS_H

#include <stdbool.h>

#include "core/object.h"
#include "payload/manifest.h"

/* How libbpf attaches a program by itself, from what its section says. */
enum attach_kind {
	ATTACH_OTHER,            /* it does not: who loads the object does, or nobody */
	ATTACH_KPROBE,           /* target: FUNCTION, FUNCTION+OFFSET */
	ATTACH_KPROBE_MULTI,     /* target: a pattern */
	ATTACH_KSYSCALL,         /* target: a system call */
	ATTACH_TRACEPOINT,       /* target: CATEGORY/NAME */
	ATTACH_RAW_TRACEPOINT,   /* target: NAME, for types raw_tracepoint and tracing (tp_btf) */
	ATTACH_FENTRY,           /* fentry, fexit, fmod_ret, fsession; target: FUNCTION */
	ATTACH_LSM,              /* target: a hook */
	ATTACH_ITER,             /* target: what is iterated over */
	ATTACH_UPROBE,           /* target: FILE:FUNCTION */
	ATTACH_USDT,             /* target: FILE:PROVIDER:NAME */
};

struct program_needs {
	const char *name;
	const char *section;
	const char *kernel_btf;  /* why it needs the kernel's own BTF: "fentry", "kfunc" ...; or NULL */
	bool kernel_btf_inside;  /* ... which the verifier looks at: it need not be exposed */
	const char *alternative; /* from the manifest, when the object has it; NULL */
	bool optional;           /* from the manifest */
	bool is_alternative;     /* stands in for another program, so off unless it must */
	bool off;                /* SEC("?..."): libbpf loads it only when told to */

	bool typed;              /* libbpf knows the section; else what follows is 0 */
	uint32_t type;           /* enum bpf_prog_type */
	uint32_t attach_type;    /* expected, enum bpf_attach_type */
	enum attach_kind attach;
	const char *target;      /* behind the slash of the section; "" where there is none */

	/* By itself and in the subprograms that it calls; each once, in ascending order. */
	uint32_t *helpers;
	uint32_t *maps;          /* indices into needs.object->maps */
	const char **kfuncs;     /* in order of appearance */
	size_t helper_count, map_count, kfunc_count;
	bool global_data;        /* variables in .data, .rodata or .bss */
};

struct needs {
	const struct object *object; /* its maps, externs and licence are needs, too */
	struct program_needs *programs;
	size_t program_count;
	bool relocations;        /* has CO-RE relocations that ask the kernel's BTF */
	const char *kernel_btf;  /* why the object as a whole needs the kernel's own BTF; or NULL */
	const char *kernel_btf_name; /* ... for which map, function or variable, the first of them */
	bool ringbuf, perf_buffer; /* has maps of these types */
};

/*
 * True when any program that libbpf would load, or the object itself, needs the kernel's own BTF.
 */
bool needs_kernel_btf(const struct needs *needs);

/* The program of this name, or NULL. */
const struct program_needs *needs_program(const struct needs *needs, const char *name);

/*
 * manifest may be NULL.  Strings point into object and manifest, which must live as long.
 * needs_free() frees.
 */
int needs_of(const struct object *object, const struct manifest *manifest, struct needs *out,
	     struct error *err);
void needs_free(struct needs *needs);

#endif
