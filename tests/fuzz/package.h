/* SPDX-License-Identifier: BSD-2-Clause */
/* What the targets of Debian packages and of RPMs see to alike. */
#ifndef TESTS_FUZZ_PACKAGE_H
#define TESTS_FUZZ_PACKAGE_H

#include <stdlib.h>
#include <string.h>

#include "btfpack/package.h"

/* What is told of a package's kernel is text, also after a failure. */
static inline void check_is_text(const struct package_kernel *package)
{
	const struct {
		const char *field;
		size_t size;
	} fields[] = {
		{ package->name, sizeof(package->name) },
		{ package->version, sizeof(package->version) },
		{ package->maker, sizeof(package->maker) },
		{ package->arch, sizeof(package->arch) },
		{ package->release, sizeof(package->release) },
	};
	size_t i;

	for (i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (strnlen(fields[i].field, fields[i].size) == fields[i].size)
			abort();
}

#endif
