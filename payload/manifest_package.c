/* SPDX-License-Identifier: BSD-2-Clause */
/* The section [package] of a manifest. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "payload/manifest_parts.h"

/* NAME <USER@HOST>, as both Debian's control files and RPM want it. */
static bool is_maintainer(const char *text)
{
	const char *open = strstr(text, " <"), *at = open ? strchr(open, '@') : NULL;
	size_t length = strlen(text);

	return open > text && at > open + 2 && text[length - 1] == '>' && at + 2 < text + length &&
	       strcspn(open + 2, "<> ") == length - (size_t)(open + 2 - text) - 1;
}

static bool is_homepage(const char *text)
{
	const char *host = strncmp(text, "https://", 8) == 0 ? text + 8 :
			   strncmp(text, "http://", 7) == 0 ? text + 7 : "";

	return *host && *host != '/' && strcspn(text, " \t<>\"") == strlen(text);
}

static bool is_license(const char *text)
{
	return *text && strspn(text, MANIFEST_IDENTIFIER ".-+() ") == strlen(text);
}

/* A description goes on over indented lines. */
static int add_description(struct inifile *file, struct manifest *manifest, const char *value)
{
	char *longer;

	if (!file->is_continuation)
		return manifest_set_once(file, &manifest->description, "description", value);
	if (asprintf(&longer, "%s %s", manifest->description, value) < 0)
		return manifest_out_of_memory(file);
	free(manifest->description);
	manifest->description = longer;
	return 0;
}

int manifest_package_key(struct inifile *file, struct manifest *manifest, const char *key,
			 const char *value)
{
	if (strcmp(key, "description") == 0)
		return add_description(file, manifest, value);
	if (strcmp(key, "maintainer") == 0)
		return is_maintainer(value) ? manifest_set_once(file, &manifest->maintainer, key, value) :
			inifile_refuse(file, "maintainer \"%s\": must be NAME <ADDRESS>", value);
	if (strcmp(key, "homepage") == 0)
		return is_homepage(value) ? manifest_set_once(file, &manifest->homepage, key, value) :
			inifile_refuse(file, "homepage \"%s\": must begin with https:// or http://",
				       value);
	if (strcmp(key, "license") == 0)
		return is_license(value) ? manifest_set_once(file, &manifest->license, key, value) :
			inifile_refuse(file, "license \"%s\": is no SPDX expression", value);
	if (strcmp(key, "license-file") == 0)
		return manifest_path_is_safe(value) ?
			manifest_set_once(file, &manifest->license_file, key, value) :
			inifile_refuse(file, "license-file \"%s\": must be relative, without \"..\"",
				       value);
	if (strcmp(key, "copyright") == 0)
		return manifest_set_once(file, &manifest->copyright, key, value);
	return inifile_refuse(file, "unknown key \"%s\" in [package]; it has maintainer, homepage, "
			      "license, license-file, copyright, description", key);
}
