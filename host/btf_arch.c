/* SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include "host/btf_arch.h"

/* Registers in struct pt_regs.  A reduced BTF has just those that somebody asks for. */
static const struct {
	const char *member, *arch;
	uint32_t pointer_size;
} REGISTERS[] = {
	{ "orig_ax", "x86_64", 8 }, { "orig_ax", "i386", 4 },
	{ "di", "x86_64", 8 },      { "di", "i386", 4 },
	{ "orig_x0", "arm64", 8 },  { "epc", "riscv64", 8 },
};

static bool has_member(const struct btf_view *btf, const struct btf_info *type, const char *name)
{
	uint32_t i;

	for (i = 0; i < type->vlen; i++)
		if (strcmp(btf_view_string(btf, btf_info_member(type, i).name_off), name) == 0)
			return true;
	return false;
}

const char *btf_arch(const struct btf_view *btf)
{
	uint32_t id;
	size_t i;

	for (id = 1; id < btf->type_count; id++) {
		struct btf_info type = btf_view_type(btf, id);

		if (type.kind != BTF_KIND_STRUCT ||
		    strcmp(btf_view_string(btf, type.name_off), "pt_regs") != 0)
			continue;
		for (i = 0; i < sizeof(REGISTERS) / sizeof(REGISTERS[0]); i++)
			if (btf->pointer_size == REGISTERS[i].pointer_size &&
			    has_member(btf, &type, REGISTERS[i].member))
				return REGISTERS[i].arch;
	}
	return NULL;
}

/* Of architectures that Linux is built for, by the names that archives have. */
static uint32_t pointer_size_of(const char *arch)
{
	static const struct {
		const char *arch;
		uint32_t size;
	} SIZES[] = {
		{ "i386", 4 },    { "arm", 4 },   { "x86_64", 8 },  { "arm64", 8 },
		{ "riscv64", 8 }, { "s390x", 8 }, { "ppc64le", 8 }, { "loongarch64", 8 },
	};
	size_t i;

	for (i = 0; i < sizeof(SIZES) / sizeof(SIZES[0]); i++)
		if (strcmp(arch, SIZES[i].arch) == 0)
			return SIZES[i].size;
	return 0;
}

const char *btf_arch_other(const struct btf_view *btf, const char *arch)
{
	const char *of_btf = btf_arch(btf);
	uint32_t size = pointer_size_of(arch);

	if (of_btf)
		return strcmp(of_btf, arch) == 0 ? NULL : of_btf;
	if (!size || !btf->pointer_size || size == btf->pointer_size)
		return NULL;
	return btf->pointer_size == 4 ? "a 32-bit architecture" : "a 64-bit architecture";
}
