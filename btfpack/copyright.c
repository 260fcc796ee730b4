/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "lib/file.h"

#include "btfpack/copyright.h"

/* The licence of the target program; its text is the template LICENSE. */
#define OWN_LICENSE "BSD-2-Clause"

enum { LICENSE_MAX_SIZE = 256 * 1024 };

/* Licences that every Debian system has the text of, below /usr/share/common-licenses. */
static const struct {
	const char *license, *file;
} COMMON[] = {
	{ "Apache-2.0", "Apache-2.0" },     { "Artistic-1.0-Perl", "Artistic" },
	{ "CC0-1.0", "CC0-1.0" },           { "GPL-1.0-only", "GPL-1" },
	{ "GPL-1.0-or-later", "GPL-1" },    { "GPL-2.0-only", "GPL-2" },
	{ "GPL-2.0-or-later", "GPL-2" },    { "GPL-3.0-only", "GPL-3" },
	{ "GPL-3.0-or-later", "GPL-3" },    { "LGPL-2.0-only", "LGPL-2" },
	{ "LGPL-2.1-only", "LGPL-2.1" },    { "LGPL-2.1-or-later", "LGPL-2.1" },
	{ "LGPL-3.0-only", "LGPL-3" },      { "LGPL-3.0-or-later", "LGPL-3" },
	{ "MPL-1.1", "MPL-1.1" },           { "MPL-2.0", "MPL-2.0" },
};

/* Each line behind a space, and a dot for an empty one; *out is the caller's to free. */
static int indent(struct slice text, char **out, struct error *err)
{
	const char *line = (const char *)text.data, *end = line + text.size;
	struct buffer lines = { 0 };
	int code = 0;

	while (!code && line < end) {
		const char *stop = memchr(line, '\n', (size_t)(end - line));
		size_t length = (size_t)((stop ? stop : end) - line);

		code = buffer_append(&lines, length ? " " : " .", length ? 1 : 2);
		if (!code && length)
			code = buffer_append(&lines, line, length);
		line += length + 1;
		if (!code)
			code = buffer_append(&lines, line < end ? "\n" : "", 1);
	}
	if (!code && !lines.size)
		code = buffer_append(&lines, "", 1);
	if (code) {
		buffer_free(&lines);
		return error_errno(err, code, "copyright");
	}
	*out = (char *)lines.data;
	return 0;
}

static int read_file(struct bundle *bundle, struct error *err)
{
	struct buffer text = { 0 };
	char path[PATH_MAX];
	int code = 0;

	if (snprintf(path, sizeof(path), "%s/%s", bundle->sources,
		     bundle->manifest->license_file) >= PATH_MAX)
		return error_errno(err, -ENAMETOOLONG, "%s", bundle->manifest->license_file);
	code = file_read(AT_FDCWD, path, LICENSE_MAX_SIZE, &text, err);
	if (!code && memchr(text.data, '\0', text.size))
		code = error_set(err, -EBADMSG, "%s: is no text", path);
	if (!code)
		code = indent(buffer_slice(&text), &bundle->license_text, err);
	buffer_free(&text);
	return code;
}

static int describe(struct bundle *bundle, const char *license, struct error *err)
{
	const char *file = NULL;
	char text[256];
	size_t i;

	for (i = 0; i < sizeof(COMMON) / sizeof(COMMON[0]); i++)
		if (strcmp(license, COMMON[i].license) == 0)
			file = COMMON[i].file;
	if (file)
		snprintf(text, sizeof(text), "On Debian systems, the text of this license is in\n"
			 "/usr/share/common-licenses/%s.", file);
	else
		snprintf(text, sizeof(text), "The text of this license does not come with this package; "
			 "the maintainer has it.");
	/* The text of our own stands in the same file already. */
	if (strcmp(license, OWN_LICENSE) == 0)
		text[0] = '\0';
	return indent(slice_of(text, strlen(text)), &bundle->license_text, err);
}

int copyright_values(struct bundle *bundle, struct error *err)
{
	const struct manifest *manifest = bundle->manifest;
	const char *license = manifest->license ? manifest->license : "LicenseRef-not-stated";
	const struct template_value none = { NULL, NULL };
	struct buffer own = { 0 };
	int code;

	code = manifest->license_file ? read_file(bundle, err) : describe(bundle, license, err);
	if (!code)
		code = template_fill("LICENSE", TEMPLATE_PLAIN, &none, &own, err);
	if (!code)
		code = indent(buffer_slice(&own), &bundle->own_license, err);
	buffer_free(&own);
	if (code)
		return code;
	bundle_set(bundle, VALUE_LICENSE, license);
	bundle_set(bundle, VALUE_LICENSE_TEXT, bundle->license_text);
	bundle_set(bundle, VALUE_OWN_LICENSE, OWN_LICENSE);
	bundle_set(bundle, VALUE_OWN_LICENSE_TEXT, bundle->own_license);
	bundle_set(bundle, VALUE_COPYRIGHT, manifest->copyright ? manifest->copyright :
		   "the authors of this application");
	return 0;
}
