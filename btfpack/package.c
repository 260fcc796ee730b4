/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <archive.h>
#include <archive_entry.h>

#include "btfpack/decompress.h"
#include "btfpack/package.h"

static bool skip(const char **path, const char *prefix)
{
	size_t length = strlen(prefix);

	if (strncmp(*path, prefix, length) != 0)
		return false;
	*path += length;
	return true;
}

/* SUSE names what it splits off vmlinux.debug, and compresses the image that it ships. */
static void cut_suffix(char *name)
{
	static const char *const suffixes[] = { ".gz", ".xz", ".zst", ".debug" };
	size_t i, length, suffix;

	for (i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
		length = strlen(name);
		suffix = strlen(suffixes[i]);
		if (length > suffix && strcmp(name + length - suffix, suffixes[i]) == 0)
			name[length - suffix] = '\0';
	}
}

/* RELEASE, the last component. */
static bool release_at_end(const char *rest, char release[static 65])
{
	int used = 0;

	if (sscanf(rest, "%64[^/]%n", release, &used) != 1 || rest[used] != '\0')
		return false;
	cut_suffix(release);
	return true;
}

/* RELEASE/vmlinuz and the like. */
static bool release_of_modules(const char *rest, char release[static 65])
{
	char name[32];
	int used = 0;

	if (sscanf(rest, "%64[^/]/%31[^/]%n", release, name, &used) != 2 || rest[used] != '\0')
		return false;
	cut_suffix(name);
	return strcmp(name, "vmlinuz") == 0 || strcmp(name, "vmlinux") == 0 || strcmp(name, "Image") == 0;
}

bool package_image_release(const char *path, char release[static 65])
{
	skip(&path, "./");
	skip(&path, "/");
	if (skip(&path, "usr/lib/debug/") && skip(&path, "vmlinux-"))
		return release_at_end(path, release);
	skip(&path, "usr/");
	if (skip(&path, "lib/modules/"))
		return release_of_modules(path, release);
	return (skip(&path, "boot/vmlinuz-") || skip(&path, "boot/vmlinux-") ||
		skip(&path, "boot/Image-")) && release_at_end(path, release);
}

int package_take_image(struct archive *reader, struct archive_entry *entry,
		       struct package_kernel *out, struct error *err)
{
	const char *path = archive_entry_pathname(entry);
	char release[65];
	int code;

	if (archive_entry_filetype(entry) != AE_IFREG || archive_entry_size(entry) == 0 || !path ||
	    !package_image_release(path, release))
		return 0;
	memcpy(out->release, release, sizeof(release));
	code = decompress_entry(reader, PACKAGE_IMAGE_MAX_SIZE, &out->image, err);
	return code ? code : 1;
}

int package_without_image(const struct package_kernel *package, struct error *err)
{
	return error_set(err, -ENOENT, "package %s holds no kernel image (boot/vmlinuz-*, "
			 "lib/modules/*/vmlinuz, or vmlinux below usr/lib/debug); it may only depend on "
			 "the one that does", package->name[0] ? package->name : "without a name");
}

void package_free(struct package_kernel *package)
{
	buffer_free(&package->image);
}
