/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any bytes behind the magic are an RPM with some header.  The files behind it are libarchive's
 * matter, which takes as much memory as a file says that its name is long.
 */
#include <stdlib.h>
#include <string.h>

#include "btfpack/rpm.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool is_text(const char *field, size_t size)
{
	return strnlen(field, size) < size;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct package_kernel package = { .name = "" };
	struct error err = ERROR_NONE;

	if (!rpm_is(slice_of(data, size)))
		return 0;
	if (rpm_read_tags(slice_of(data, size), &package, &err) != 0 && !err.code)
		abort();
	if (!is_text(package.name, sizeof(package.name)) ||
	    !is_text(package.version, sizeof(package.version)) ||
	    !is_text(package.maker, sizeof(package.maker)) ||
	    !is_text(package.arch, sizeof(package.arch)))
		abort();
	return 0;
}
