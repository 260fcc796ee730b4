/* SPDX-License-Identifier: BSD-2-Clause */
/* Any bytes as a manifest. */
#include <stdlib.h>

#include "payload/manifest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct manifest manifest;
	struct error err = ERROR_NONE;
	size_t i;

	if (manifest_parse(slice_of(data, size), "input", &manifest, &err)) {
		if (err.text[0] == '\0')
			abort(); /* no refusal without its sentence */
		return 0;
	}
	for (i = 0; i < manifest.program_count; i++)
		if (!manifest_program(&manifest, manifest.programs[i].name))
			abort();
	for (i = 0; i < manifest.object_count; i++)
		if (strstr(manifest.objects[i].path, "..") == manifest.objects[i].path &&
		    manifest.objects[i].path[2] == '/')
			abort(); /* no path leaves the manifest's directory */
	manifest_free(&manifest);
	return 0;
}
