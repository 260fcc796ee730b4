/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <archive.h>
#include <archive_entry.h>

#include "btfpack/deb.h"
#include "btfpack/decompress.h"
#include "btfpack/vmlinuz.h"

enum { CONTROL_MAX_SIZE = 1024 * 1024 };

static const char ar_magic[] = "!<arch>\ndebian-binary";

bool deb_is(struct slice file)
{
	return file.size >= sizeof(ar_magic) - 1 &&
	       memcmp(file.data, ar_magic, sizeof(ar_magic) - 1) == 0;
}

void deb_kernel_free(struct deb_kernel *kernel)
{
	buffer_free(&kernel->vmlinuz);
}

const char *deb_arch(const char *architecture)
{
	static const char *const names[][2] = {
		{ "amd64", "x86_64" }, { "arm64", "arm64" }, { "i386", "i386" }, { "armhf", "arm" },
		{ "riscv64", "riscv64" }, { "ppc64el", "ppc64le" }, { "s390x", "s390x" },
		{ "loong64", "loongarch64" },
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(names[i][0], architecture) == 0)
			return names[i][1];
	return NULL;
}

/* Debian's releases and the kernel series that each came with. */
static const struct {
	const char *version_id;
	const char *series;
} debian_releases[] = {
	{ "13", "6.12." }, { "12", "6.1." }, { "11", "5.10." }, { "10", "4.19." },
};

/* The number behind "deb" or "~bpo" as in 7.1.3+deb13, 6.1.0-0.deb11.52, 7.3.4-1~bpo13+1. */
static bool find_mark(const char *text, char number[static 3])
{
	static const char *const marks[] = { "deb", "bpo" };
	const char *at;
	size_t i;

	for (i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		for (at = text; (at = strstr(at, marks[i])); at++) {
			if (sscanf(at + strlen(marks[i]), "%2[0-9]", number) == 1)
				return true;
		}
	return false;
}

const char *deb_version_id(const char *version, const char *release)
{
	char number[3];
	size_t i;
	bool marked = find_mark(release, number) || find_mark(version, number);

	for (i = 0; i < sizeof(debian_releases) / sizeof(debian_releases[0]); i++) {
		const char *series = debian_releases[i].series;

		if (marked ? strcmp(number, debian_releases[i].version_id) == 0
			   : strncmp(release, series, strlen(series)) == 0)
			return debian_releases[i].version_id;
	}
	return "sid";
}

/* Copies the value of a control field, "Name: value" on a line of its own. */
static void take_field(struct slice control, const char *name, char *value, size_t size)
{
	const char *line = (const char *)control.data, *end = line + control.size, *next;
	size_t name_length = strlen(name), length;

	for (; line < end; line = next) {
		next = memchr(line, '\n', (size_t)(end - line));
		length = (size_t)((next ? next : end) - line);
		next = next ? next + 1 : end;
		if (length <= name_length + 2 || memcmp(line, name, name_length) != 0 ||
		    memcmp(line + name_length, ": ", 2) != 0)
			continue;
		snprintf(value, size, "%.*s", (int)(length - name_length - 2), line + name_length + 2);
		return;
	}
}

/* "./boot/vmlinuz-RELEASE" and "./usr/lib/modules/RELEASE/vmlinuz". */
static bool image_release(const char *path, char release[static 65])
{
	int used = 0;

	if (strncmp(path, "./", 2) == 0)
		path += 2;
	if (sscanf(path, "boot/vmlinuz-%64[^/]%n", release, &used) == 1 && path[used] == '\0')
		return true;
	if (strncmp(path, "usr/", 4) == 0)
		path += 4;
	used = 0;
	return sscanf(path, "lib/modules/%64[^/]/vmlinuz%n", release, &used) == 1 && used > 0 &&
	       path[used] == '\0';
}

static int take_control(struct archive *tar, struct archive_entry *entry, struct deb_kernel *out,
			struct error *err)
{
	const char *path = archive_entry_pathname(entry);
	struct buffer control = { 0 };
	int code;

	if (!path || (strcmp(path, "./control") != 0 && strcmp(path, "control") != 0))
		return 0;
	code = decompress_entry(tar, CONTROL_MAX_SIZE, &control, err);
	if (!code) {
		struct slice text = buffer_slice(&control);

		take_field(text, "Package", out->package, sizeof(out->package));
		take_field(text, "Version", out->version, sizeof(out->version));
		take_field(text, "Architecture", out->architecture, sizeof(out->architecture));
	}
	buffer_free(&control);
	return code ? code : 1;
}

static int take_image(struct archive *tar, struct archive_entry *entry, struct deb_kernel *out,
		      struct error *err)
{
	const char *path = archive_entry_pathname(entry);
	int code;

	if (archive_entry_filetype(entry) != AE_IFREG || !path || !image_release(path, out->release))
		return 0;
	code = decompress_entry(tar, VMLINUZ_MAX_SIZE, &out->vmlinuz, err);
	return code ? code : 1;
}

/* 1: found what it looks for, stop; 0: go on; negative errno. */
typedef int (*take_function)(struct archive *tar, struct archive_entry *entry,
			     struct deb_kernel *out, struct error *err);

/* Feeds a member of the package to the reader of the tar file in it. */
static la_ssize_t next_block(struct archive *tar, void *package, const void **block)
{
	la_int64_t offset;
	size_t size;
	int code = archive_read_data_block(package, block, &size, &offset);

	if (code == ARCHIVE_EOF)
		return 0;
	if (code == ARCHIVE_OK)
		return (la_ssize_t)size;
	archive_set_error(tar, archive_errno(package), "%s", archive_error_string(package));
	return -1;
}

static int walk_member(struct archive *package, take_function take, struct deb_kernel *out,
		       struct error *err)
{
	struct archive *tar = decompress_reader();
	struct archive_entry *entry;
	int status, code = 0;

	if (!tar)
		return error_errno(err, -ENOMEM, "libarchive");
	archive_read_support_format_tar(tar);
	if (archive_read_open(tar, package, NULL, next_block, NULL) < ARCHIVE_WARN)
		code = decompress_failed(tar, err);
	while (code == 0) {
		status = archive_read_next_header(tar, &entry);
		if (status == ARCHIVE_EOF)
			break;
		if (status < ARCHIVE_WARN)
			code = decompress_failed(tar, err);
		else
			code = take(tar, entry, out, err);
	}
	archive_read_free(tar);
	return code;
}

static int walk_package(struct archive *package, struct deb_kernel *out, struct error *err)
{
	struct archive_entry *entry;
	const char *name;
	int code = 0;

	while (code == 0) {
		int status = archive_read_next_header(package, &entry);

		if (status == ARCHIVE_EOF)
			return error_set(err, -ENOENT, "package %s holds no kernel image "
					 "(boot/vmlinuz-* or usr/lib/modules/*/vmlinuz); it may only "
					 "depend on the one that does",
					 out->package[0] ? out->package : "without a name");
		if (status < ARCHIVE_WARN)
			return decompress_failed(package, err);
		name = archive_entry_pathname(entry);
		if (name && strncmp(name, "control.tar", 11) == 0) {
			code = walk_member(package, take_control, out, err);
			code = code > 0 ? 0 : code;
		} else if (name && strncmp(name, "data.tar", 8) == 0) {
			code = walk_member(package, take_image, out, err);
		}
	}
	return code < 0 ? code : 0;
}

int deb_read_kernel(struct slice file, struct deb_kernel *out, struct error *err)
{
	struct archive *package = decompress_reader();
	int code;

	*out = (struct deb_kernel){ 0 };
	if (!package)
		return error_errno(err, -ENOMEM, "libarchive");
	archive_read_support_format_ar(package);
	if (archive_read_open_memory(package, file.data, file.size) < ARCHIVE_WARN)
		code = decompress_failed(package, err);
	else
		code = walk_package(package, out, err);
	archive_read_free(package);
	return code;
}
