/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <archive.h>
#include <archive_entry.h>

#include "btfpack/deb.h"
#include "btfpack/decompress.h"
#include "btfpack/xz_memory.h"

enum { CONTROL_MAX_SIZE = 1024 * 1024 };

static const char ar_magic[] = "!<arch>\ndebian-binary";

bool deb_is(struct slice file)
{
	return file.size >= sizeof(ar_magic) - 1 &&
	       memcmp(file.data, ar_magic, sizeof(ar_magic) - 1) == 0;
}

/* Debian's architecture as archives name it; "" when it is not a known one. */
static const char *arch_of(const char *architecture)
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
	return "";
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

static int take_control(struct archive *tar, struct archive_entry *entry,
			struct package_kernel *out, struct error *err)
{
	const char *path = archive_entry_pathname(entry);
	struct buffer control = { 0 };
	int code;

	if (!path || (strcmp(path, "./control") != 0 && strcmp(path, "control") != 0))
		return 0;
	code = decompress_entry(tar, CONTROL_MAX_SIZE, &control, err);
	if (!code) {
		struct slice text = buffer_slice(&control);
		char architecture[32] = "";

		take_field(text, "Package", out->name, sizeof(out->name));
		take_field(text, "Version", out->version, sizeof(out->version));
		take_field(text, "Maintainer", out->maker, sizeof(out->maker));
		take_field(text, "Architecture", architecture, sizeof(architecture));
		snprintf(out->arch, sizeof(out->arch), "%s", arch_of(architecture));
	}
	buffer_free(&control);
	return code ? code : 1;
}

/* 1: found what it looks for, stop; 0: go on; negative errno. */
typedef int (*take_function)(struct archive *tar, struct archive_entry *entry,
			     struct package_kernel *out, struct error *err);

/* A member of the package, a tar file. */
struct member {
	struct archive *package;
	bool is_begun;
};

/* Feeds a member of the package to the reader of the tar file in it. */
static la_ssize_t next_block(struct archive *tar, void *member_, const void **block)
{
	struct member *member = member_;
	struct error err = ERROR_NONE;
	la_int64_t offset;
	size_t size;
	int code = archive_read_data_block(member->package, block, &size, &offset);

	if (code == ARCHIVE_EOF)
		return 0;
	if (code != ARCHIVE_OK) {
		archive_set_error(tar, archive_errno(member->package), "%s",
				  archive_error_string(member->package));
		return -1;
	}
	if (!member->is_begun && xz_memory_check(slice_of(*block, size), &err)) {
		archive_set_error(tar, EFBIG, "%s", err.text);
		return -1;
	}
	member->is_begun = true;
	return (la_ssize_t)size;
}

static int walk_member(struct archive *package, take_function take, struct package_kernel *out,
		       struct error *err)
{
	struct member member = { .package = package };
	struct archive *tar = decompress_reader();
	struct archive_entry *entry;
	int status, code = 0;

	if (!tar)
		return error_errno(err, -ENOMEM, "libarchive");
	archive_read_support_format_tar(tar);
	if (archive_read_open(tar, &member, NULL, next_block, NULL) < ARCHIVE_WARN)
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

static int walk_package(struct archive *package, struct package_kernel *out, struct error *err)
{
	struct archive_entry *entry;
	const char *name;
	int code = 0;

	while (code == 0) {
		int status = archive_read_next_header(package, &entry);

		if (status == ARCHIVE_EOF)
			return package_without_image(out, err);
		if (status < ARCHIVE_WARN)
			return decompress_failed(package, err);
		name = archive_entry_pathname(entry);
		if (name && strncmp(name, "control.tar", 11) == 0) {
			code = walk_member(package, take_control, out, err);
			code = code > 0 ? 0 : code;
		} else if (name && strncmp(name, "data.tar", 8) == 0) {
			code = walk_member(package, package_take_image, out, err);
		}
	}
	return code < 0 ? code : 0;
}

int deb_read_kernel(struct slice file, struct package_kernel *out, struct error *err)
{
	struct archive *package = decompress_reader();
	int code;

	*out = (struct package_kernel){ 0 };
	if (!package)
		return error_errno(err, -ENOMEM, "libarchive");
	archive_read_support_format_ar(package);
	if (archive_read_open_memory(package, file.data, file.size) < ARCHIVE_WARN)
		code = decompress_failed(package, err);
	else
		code = walk_package(package, out, err);
	out->distro = distro_of_deb(out->maker, out->version, out->release);
	archive_read_free(package);
	return code;
}
