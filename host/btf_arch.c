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
