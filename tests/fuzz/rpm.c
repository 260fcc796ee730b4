/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any bytes behind the magic are an RPM with some header.  The files behind it are libarchive's
 * matter, which takes as much memory as a file says that its name is long.
 */
#include "btfpack/rpm.h"
#include "tests/fuzz/package.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct package_kernel package = { .name = "" };
	struct error err = ERROR_NONE;

	if (!rpm_is(slice_of(data, size)))
		return 0;
	if (rpm_read_tags(slice_of(data, size), &package, &err) != 0 && !err.code)
		abort();
	check_is_text(&package);
	return 0;
}
