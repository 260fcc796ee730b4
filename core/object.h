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

struct object_map {
	const char *name;
	uint32_t type;           /* enum bpf_map_type */
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
	struct object_map *maps;
	struct object_extern *externs;
	struct object_relo *relos;   /* in the order in which libbpf applies them */
	size_t program_count, map_count, extern_count, relo_count;
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

/* The i-th instruction of a program's code, decoded; i must be below code.size / 8. */
struct bpf_insn object_insn(const struct object_program *program, size_t i);

#endif
