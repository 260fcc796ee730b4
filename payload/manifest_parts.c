/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <string.h>

#include "payload/manifest_parts.h"

int manifest_out_of_memory(const struct inifile *file)
{
	return error_errno(file->err, -ENOMEM, "%s", file->path);
}

int manifest_set_once(struct inifile *file, char **field, const char *key, const char *value)
{
	if (*field)
		return inifile_refuse(file, "duplicate key \"%s\" in [%s]", key, file->section);
	*field = strdup(value);
	return *field ? 0 : manifest_out_of_memory(file);
}

bool manifest_path_is_safe(const char *path)
{
	const char *part = path;

	if (path[0] == '/' || path[0] == '\0')
		return false;
	while (part) {
		size_t length = strcspn(part, "/");

		if (length == 0 || (length == 2 && strncmp(part, "..", 2) == 0))
			return false;
		part = part[length] ? part + length + 1 : NULL;
	}
	return true;
}
