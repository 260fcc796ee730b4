/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any bytes as an unpacked kernel: an ELF file or a flat image, in which BTF, a banner and debug
 * information are looked for; and as the debug package's vmlinux, whose build is compared.
 */
#include <stdlib.h>
#include <string.h>

#include "btfpack/vmlinux.h"
#include "host/debug_info_parts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool is_within(struct slice part, struct slice whole)
{
	return part.size <= whole.size && part.data >= whole.data &&
	       (size_t)(part.data - whole.data) <= whole.size - part.size;
}

static void find_btf(struct slice kernel)
{
	struct error err = ERROR_NONE;
	struct slice btf;

	if (vmlinux_btf(kernel, &btf, &err) ? !err.text[0] : !is_within(btf, kernel))
		abort();
}

static void read_banner(struct slice kernel)
{
	struct vmlinux_banner banner;

	if (vmlinux_banner(kernel, &banner) &&
	    (strnlen(banner.release, BANNER_FIELD_SIZE) == BANNER_FIELD_SIZE ||
	     strnlen(banner.build, BANNER_FIELD_SIZE) == BANNER_FIELD_SIZE))
		abort();
}

static void judge(struct slice kernel)
{
	static const struct btf_build build = { "6.1.0", "#1 SMP" };
	struct debug_info info = { .path = "vmlinux" };
	struct error err = ERROR_NONE;
	struct slice id = debug_info_build_id(kernel);

	if (id.size && !is_within(id, kernel))
		abort();
	if (debug_info_judge(kernel, &build, false, &info, &err) && !err.text[0])
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct slice kernel = slice_of(data, size);

	find_btf(kernel);
	read_banner(kernel);
	judge(kernel);
	vmlinux_arch(kernel);
	vmlinux_has_dwarf(kernel);
	return 0;
}
