/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A compiled BPF object (ELF, EM_BPF) as far as btferry needs to know it: programs, maps, externs,
 * licence, BTF and the CO-RE relocations of .BTF.ext.  Names are as libbpf gives them.
 */
#ifndef CORE_OBJECT_H
#define CORE_OBJECT_H

#include <linux/bpf.h>

#include "core/btf.h"

struct object_program {
	const char *name;        /* function name */
	const char *section;     /* as written in SEC(), with a leading '?' where there is one */
	uint32_t section_index;  /* ELF section */
	uint32_t offset;         /* in the section, bytes */
	uint32_t size;           /* bytes; a multiple of 8 */
	struct slice code;
};

/* A function that others call: libbpf takes them from .text only. */
struct object_function {
	const char *name;
	uint32_t section_index;
	uint32_t offset;         /* in the section, bytes */
	struct slice code;
};

/*
 * A map that is declared in .maps or .struct_ops; sizes are 0 where the declaration has none, or
 * has one that libbpf or the object's loader fills in.
 */
struct object_map {
	const char *name;
	uint32_t type;           /* enum bpf_map_type */
	uint32_t key_size, value_size, max_entries, flags;
	uint32_t offset;         /* of its declaration in .maps, bytes */
};

/* An instruction that refers to something outside of its function. */
struct object_reference {
	uint32_t section_index;
	uint32_t insn;           /* index within the section */
	const char *name;        /* of the symbol; "" where a section is meant */
	const char *target;      /* the section that it lies in; NULL: it is extern */
	uint64_t offset;         /* in that section */
};

enum object_extern_kind {
	EXTERN_KCONFIG,          /* in .kconfig */
	EXTERN_KSYM_UNTYPED,     /* extern const void x __ksym: an address */
	EXTERN_KSYM_TYPED,       /* a variable with a type: needs the kernel's own BTF */
	EXTERN_KFUNC,            /* a kernel function: needs the kernel's own BTF */
};

struct object_extern {
	const char *name;
	enum object_extern_kind kind;
	bool weak;
};

struct object_relo {
	const char *access;      /* access string */
	uint32_t program;        /* index into programs; OBJECT_SUBPROGRAM in a static subprogram's code */
	uint32_t insn;           /* instruction index within its ELF section */
	uint32_t section_index;
	uint32_t type;           /* root type id in the object's BTF */
	uint32_t kind;           /* enum bpf_core_relo_kind */
};

#define OBJECT_SUBPROGRAM UINT32_MAX

struct object {
	const char *name;        /* for messages, as handed in */
	const char *license;     /* "" when absent */
	struct object_program *programs;
	struct object_function *functions;
	struct object_map *maps;
	struct object_extern *externs;
	struct object_relo *relos;   /* in the order in which libbpf applies them */
	struct object_reference *references; /* by section and instruction */
	size_t program_count, function_count, map_count, extern_count, relo_count, reference_count;
	bool has_btf;            /* there is a .BTF section */
	struct btf_view btf;     /* valid when has_btf */
	struct elf_image *image; /* keeps names and code alive */
};

/*
 * Reads the object in file, which must outlive it; name is copied.  An object without .BTF or
 * .BTF.ext is fine and has no relocations.  -EBADMSG: no ELF, not EM_BPF, damaged; -ENOTSUP:
 * big-endian, or a BTF kind or relocation format that we do not know.  object_close() frees.
 */
int object_open(struct slice file, const char *name, struct object **out, struct error *err);
void object_close(struct object *object);

enum { INSN_SIZE = 8 };

/* The i-th instruction of code, decoded; i must be below code.size / INSN_SIZE. */
struct bpf_insn object_insn(struct slice code, size_t i);

/* What instruction insn of a section refers to; NULL: nothing. */
const struct object_reference *object_reference(const struct object *object, uint32_t section_index,
						uint32_t insn);

/*
 * The function that the call or the function pointer at instruction insn of a section leads to;
 * NULL where there is none: a helper, a kernel function, or nothing that libbpf would take.
 */
const struct object_function *object_callee(const struct object *object, uint32_t section_index,
					    uint32_t insn, struct bpf_insn call);

#endif
