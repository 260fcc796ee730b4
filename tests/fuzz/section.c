/* SPDX-License-Identifier: BSD-2-Clause */
/* Any bytes as a program that carries a payload: what is found lies within the file. */
#include <errno.h>
#include <stdlib.h>

#include "payload/format.h"
#include "payload/section.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct error err = ERROR_NONE;
	struct slice found = { 0 };
	int code = section_find(slice_of(data, size), "input", PAYLOAD_SECTION, &found, &err);

	if (code && ((code != -ENOENT && code != -EBADMSG) || !err.text[0]))
		abort();
	if (!code && (found.size > size || found.data < data ||
		      (size_t)(found.data - data) > size - found.size))
		abort();
	return 0;
}
