/* SPDX-License-Identifier: BSD-2-Clause */
/* Any bytes behind the magic are an RPM, whose header is read here and the rest by libarchive. */
#include <stdlib.h>
#include <string.h>

#include "btfpack/rpm.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct package_kernel package;
	struct error err = ERROR_NONE;

	if (!rpm_is(slice_of(data, size)))
		return 0;
	if (rpm_read_kernel(slice_of(data, size), &package, &err) == 0 && !package.release[0])
		abort();
	if (strnlen(package.name, sizeof(package.name)) == sizeof(package.name))
		abort();
	package_free(&package);
	return 0;
}
