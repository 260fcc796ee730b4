/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "core/elf_image.h"
#include "lib/file.h"

#include "host/debug_info.h"
#include "host/debug_info_parts.h"

#define KERNEL_NOTES "/sys/kernel/notes"

enum { NOTES_MAX_SIZE = 64 * 1024, NOTE_HEADER_SIZE = 12, NOTE_BUILD_ID = 3 };

/* %s is the release. */
static const char *const PLACES[] = {
	"/usr/lib/debug/boot/vmlinux-%s",            /* Debian, Ubuntu */
	"/usr/lib/debug/boot/vmlinux-%s.debug",      /* SUSE */
	"/usr/lib/debug/lib/modules/%s/vmlinux",     /* Fedora and its kin */
	"/usr/lib/debug/usr/lib/modules/%s/vmlinux",
	"/usr/lib/debug/usr/lib/modules/%s/vmlinux.debug",
	"/lib/modules/%s/build/vmlinux",             /* Arch, and whoever built it */
	"/usr/lib/modules/%s/build/vmlinux",
};

static uint32_t padded(uint32_t size)
{
	return (size + 3) & ~3u;
}

/* elf(5), Nhdr: note 3 of "GNU" */
struct slice debug_info_build_id(struct slice notes)
{
	struct slice id = { 0 };

	while (notes.size >= NOTE_HEADER_SIZE) {
		uint32_t name_size = load_le32(notes.data), size = load_le32(notes.data + 4);
		uint64_t start = (uint64_t)NOTE_HEADER_SIZE + padded(name_size);
		bool is_it = name_size == 4 && load_le32(notes.data + 8) == NOTE_BUILD_ID &&
			     slice_part(notes, start, size, &id) &&
			     memcmp(notes.data + NOTE_HEADER_SIZE, "GNU", 4) == 0;

		if (is_it || !range_fits(notes.size, start, padded(size)))
			break;
		id = (struct slice){ 0 };
		notes = slice_of(notes.data + start + padded(size),
				 notes.size - (size_t)start - padded(size));
	}
	return id;
}

/* The build ID tells two builds apart whatever their banners say; debug files may have none. */
static bool is_running_kernel(struct slice notes)
{
	struct buffer running = { 0 };
	struct slice id = debug_info_build_id(notes), own;
	bool is_same = true;

	if (id.size && file_read(AT_FDCWD, KERNEL_NOTES, NOTES_MAX_SIZE, &running, NULL) == 0) {
		own = debug_info_build_id(buffer_slice(&running));
		is_same = !own.size || slice_equal(own, id);
	}
	buffer_free(&running);
	return is_same;
}

int debug_info_judge(struct slice file, const struct btf_build *build, bool is_running,
		     struct debug_info *out, struct error *err)
{
	struct elf_section btf, dwarf, rodata, notes;
	struct elf_image image;
	int code = elf_image_open(&image, file, out->path, err);

	if (code)
		return code;
	code = elf_image_find(&image, ".BTF", &btf, err);
	if (!code)
		code = elf_image_find(&image, ".debug_info", &dwarf, err);
	if (!code)
		code = elf_image_find(&image, ".rodata", &rodata, err);
	if (!code)
		code = elf_image_find(&image, ".notes", &notes, err);
	if (!code && !btf.data.size && !dwarf.data.size)
		code = error_set(err, -ENOENT, "%.300s: has neither debug information nor BTF", out->path);
	else if (!code && (btf_image_is_of_another(rodata.data, build) ||
			   (is_running && !is_running_kernel(notes.data))))
		code = error_set(err, -ESTALE, "%.300s: is of another build of %s", out->path,
				 build->release);
	out->has_btf = !code && btf.data.size > 0;
	elf_image_close(&image);
	return code;
}

static int try_file(const struct btf_build *build, bool is_running, struct debug_info *out,
		    struct error *err)
{
	struct file_map map;
	int code = file_map(AT_FDCWD, out->path, &map, err);

	if (code)
		return code;
	code = debug_info_judge(map.bytes, build, is_running, out, err);
	file_unmap(&map);
	return code;
}

int debug_info_find(const char *folder, const char *release, const char *build, bool is_running,
		    struct debug_info *out, struct error *err)
{
	const struct btf_build expected = { release, build };
	int code = -ENOENT;
	size_t i;

	if (folder) {
		snprintf(out->path, sizeof(out->path), "%s/vmlinux", folder);
		return try_file(&expected, is_running, out, err);
	}
	for (i = 0; code == -ENOENT && i < sizeof(PLACES) / sizeof(PLACES[0]); i++) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		snprintf(out->path, sizeof(out->path), PLACES[i], release); /* of the table above */
#pragma GCC diagnostic pop
		code = try_file(&expected, is_running, out, err);
	}
	if (code == -ENOENT)
		error_set(err, code, "no vmlinux of %s with debug information below /usr/lib/debug or "
			  "/lib/modules/%s/build", release, release);
	return code;
}
