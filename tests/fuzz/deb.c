/* SPDX-License-Identifier: BSD-2-Clause */
/* Any bytes as a Debian package: what is told of its kernel is text, also after a failure. */
#include "btfpack/deb.h"
#include "tests/fuzz/package.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct package_kernel package = { .name = "" };
	struct error err = ERROR_NONE;

	if (!deb_is(slice_of(data, size)))
		return 0;
	if (deb_read_kernel(slice_of(data, size), &package, &err) && !err.text[0])
		abort();
	check_is_text(&package);
	package_free(&package);
	return 0;
}
