/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * libarchive unpacks an RPM's files and passes over its headers, so the few tags that tell a
 * kernel's origin are read here.  The layout is docs/manual/format_v4.md of rpm: a lead of 96
 * bytes, a header of signatures padded to 8 bytes, the header proper.  A header is magic, number of
 * entries and size of the store, big-endian, then entries of tag, type, offset in the store, count.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <archive.h>
#include <archive_entry.h>

#include "host/facts.h"

#include "btfpack/decompress.h"
#include "btfpack/rpm.h"
#include "btfpack/xz_memory.h"

enum { LEAD_SIZE = 96, HEADER_SIZE = 16, ENTRY_SIZE = 16, MAX_STORE = 256 * 1024 * 1024 };

enum { TYPE_STRING = 6, TYPE_I18NSTRING = 9 };

enum {
	TAG_NAME = 1000,
	TAG_VERSION = 1001,
	TAG_RELEASE = 1002,
	TAG_VENDOR = 1011,
	TAG_ARCH = 1022,
};

static const uint8_t lead_magic[] = { 0xed, 0xab, 0xee, 0xdb };
static const uint8_t header_magic[] = { 0x8e, 0xad, 0xe8, 0x01 };

struct header {
	struct slice entries, store;
	size_t size;             /* of all of it, as it lies in the file */
};

static uint32_t load_be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | (uint32_t)p[3];
}

bool rpm_is(struct slice file)
{
	return file.size > LEAD_SIZE && memcmp(file.data, lead_magic, sizeof(lead_magic)) == 0;
}

static int open_header(struct slice file, uint64_t offset, struct header *out, struct error *err)
{
	uint64_t entries, store;
	struct slice start;

	if (!slice_part(file, offset, HEADER_SIZE, &start) ||
	    memcmp(start.data, header_magic, sizeof(header_magic)) != 0)
		return error_set(err, -EBADMSG, "damaged: no RPM header at byte %llu",
				 (unsigned long long)offset);
	entries = (uint64_t)load_be32(start.data + 8) * ENTRY_SIZE;
	store = load_be32(start.data + 12);
	if (store > MAX_STORE || !slice_part(file, offset + HEADER_SIZE, entries, &out->entries) ||
	    !slice_part(file, offset + HEADER_SIZE + entries, store, &out->store))
		return error_set(err, -EBADMSG, "cut short: the RPM header at byte %llu does not end in it",
				 (unsigned long long)offset);
	out->size = HEADER_SIZE + (size_t)entries + (size_t)store;
	return 0;
}

/* Copies the text of a tag, the first where there are several; "" when there is none. */
static void take_tag(const struct header *header, uint32_t tag, char *value, size_t size)
{
	const uint8_t *entry = header->entries.data, *end;
	struct slice text;

	*value = '\0';
	for (end = entry + header->entries.size; entry < end; entry += ENTRY_SIZE) {
		uint32_t type = load_be32(entry + 4), offset = load_be32(entry + 8);

		if (load_be32(entry) != tag || (type != TYPE_STRING && type != TYPE_I18NSTRING) ||
		    offset >= header->store.size)
			continue;
		text = slice_of(header->store.data + offset, header->store.size - offset);
		snprintf(value, size, "%.*s", (int)strnlen((const char *)text.data, text.size), text.data);
		return;
	}
}

/* Both headers: the signature's, which ends at a multiple of 8, and the package's own. */
static int find_header(struct slice file, struct header *out, size_t *end, struct error *err)
{
	size_t start = LEAD_SIZE;
	int code = open_header(file, start, out, err);

	if (code)
		return code;
	start += (out->size + 7) & ~(size_t)7;
	code = open_header(file, start, out, err);
	*end = start + out->size;
	return code;
}

int rpm_read_tags(struct slice file, struct package_kernel *out, struct error *err)
{
	struct header header;
	char version[64], release[64], machine[32];
	size_t end;
	int code = find_header(file, &header, &end, err);

	if (code)
		return code;
	take_tag(&header, TAG_NAME, out->name, sizeof(out->name));
	take_tag(&header, TAG_VERSION, version, sizeof(version));
	take_tag(&header, TAG_RELEASE, release, sizeof(release));
	take_tag(&header, TAG_VENDOR, out->maker, sizeof(out->maker));
	take_tag(&header, TAG_ARCH, machine, sizeof(machine));
	snprintf(out->version, sizeof(out->version), "%s-%s", version, release);
	snprintf(out->arch, sizeof(out->arch), "%s",
		 strncmp(machine, "armv7", 5) == 0 ? "arm" : facts_arch_of_machine(machine));
	return 0;
}

static int walk(struct archive *package, struct package_kernel *out, struct error *err)
{
	struct archive_entry *entry;
	int status, code = 0;

	while (code == 0) {
		status = archive_read_next_header(package, &entry);
		if (status == ARCHIVE_EOF)
			return package_without_image(out, err);
		if (status < ARCHIVE_WARN)
			return decompress_failed(package, err);
		code = package_take_image(package, entry, out, err);
	}
	return code < 0 ? code : 0;
}

static int read_image(struct slice file, struct package_kernel *out, struct error *err)
{
	struct archive *package;
	struct header header;
	size_t end;
	int code = find_header(file, &header, &end, err);

	if (!code)
		code = xz_memory_check(slice_of(file.data + end, file.size - end), err);
	if (code)
		return code;
	package = decompress_reader();
	if (!package)
		return error_errno(err, -ENOMEM, "libarchive");
	archive_read_support_filter_rpm(package);
	archive_read_support_format_cpio(package);
	archive_read_support_format_empty(package); /* a package that only depends on others */
	if (archive_read_open_memory(package, file.data, file.size) < ARCHIVE_WARN)
		code = decompress_failed(package, err);
	else
		code = walk(package, out, err);
	archive_read_free(package);
	return code;
}

int rpm_read_kernel(struct slice file, struct package_kernel *out, struct error *err)
{
	int code;

	*out = (struct package_kernel){ 0 };
	code = rpm_read_tags(file, out, err);
	if (!code)
		code = read_image(file, out, err);
	out->distro = distro_of_rpm(out->maker, out->release);
	return code;
}
