/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A core/ with a mistake in it, for random-broken: an array without length counts as flexible
 * wherever it stands, where libbpf asks that it be the last member.  Reading back does not see it,
 * for it makes the same mistake.
 */
#include "core/spec.h"

/* Stands in for spec_is_flexible() where core/match.c calls it: the linker's --wrap. */
bool __wrap_spec_is_flexible(const struct btf_view *btf, const struct accessor *of,
			     uint32_t nelems);

bool __wrap_spec_is_flexible(const struct btf_view *btf, const struct accessor *of,
			     uint32_t nelems)
{
	(void)btf;
	return of->name && nelems == 0;
}
