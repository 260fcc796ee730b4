/* SPDX-License-Identifier: BSD-2-Clause */
/* Any bytes as a Debian package: what is told of its kernel is text, also after a failure. */
#include <stdlib.h>
#include <string.h>

#include "btfpack/deb.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool is_text(const char *field, size_t size)
{
	return strnlen(field, size) < size;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct package_kernel package = { .name = "" };
	struct error err = ERROR_NONE;

	if (!deb_is(slice_of(data, size)))
		return 0;
	if (deb_read_kernel(slice_of(data, size), &package, &err) && !err.text[0])
		abort();
	if (!is_text(package.name, sizeof(package.name)) ||
	    !is_text(package.version, sizeof(package.version)) ||
	    !is_text(package.maker, sizeof(package.maker)) ||
	    !is_text(package.arch, sizeof(package.arch)) ||
	    !is_text(package.release, sizeof(package.release)))
		abort();
	package_free(&package);
	return 0;
}
