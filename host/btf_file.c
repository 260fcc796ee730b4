/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "core/btf.h"
#include "core/elf_image.h"
#include "lib/file.h"

#include "host/btf_file.h"
#include "host/btf_image.h"
#include "host/root.h"

static int check(const struct buffer *btf, size_t start, const char *name, struct error *err)
{
	struct btf_view view;
	int code;

	code = btf_view_open(&view, slice_of(btf->data + start, btf->size - start), err);
	if (code)
		return err ? error_wrap(err, "%s", name) : code;
	btf_view_close(&view);
	return 0;
}

/* "Linux version RELEASE (who@where) (compiler) BUILD\n": the kernel's banner, where it has one. */
bool btf_image_is_of_another(struct slice bytes, const struct btf_build *expected)
{
	static const char lead[] = "Linux version ";
	const uint8_t *end, *at = bytes.data, *stop;
	const char *release = expected->release, *build = expected->build;
	size_t length, release_length = strlen(release), build_length = strlen(build);

	if (!bytes.size)
		return false;
	end = at + bytes.size;
	while ((at = memmem(at, (size_t)(end - at), lead, sizeof(lead) - 1))) {
		at += sizeof(lead) - 1;
		stop = memchr(at, '\n', (size_t)(end - at));
		length = stop ? (size_t)(stop - at) : 0;
		/* The format string of /proc/version reads "Linux version %s". */
		if (length == 0 || at[0] == '%')
			continue;
		return length <= release_length + 1 + build_length ||
		       memcmp(at, release, release_length) != 0 || at[release_length] != ' ' ||
		       memcmp(stop - build_length, build, build_length) != 0;
	}
	return false;
}

static int read_elf(struct slice file, const char *name, const struct btf_build *build,
		    struct buffer *out, struct error *err)
{
	struct elf_section section, rodata;
	struct elf_image image;
	int code;

	code = elf_image_open(&image, file, name, err);
	if (code)
		return code;
	code = elf_image_find(&image, ".BTF", &section, err);
	if (!code && section.data.size == 0)
		code = error_set(err, -EBADMSG, "%s: an ELF file without BTF", name);
	if (!code && build)
		code = elf_image_find(&image, ".rodata", &rodata, err);
	if (!code && build && btf_image_is_of_another(rodata.data, build))
		code = error_set(err, -ESTALE, "%s: of another build of this kernel", name);
	if (!code && buffer_append(out, section.data.data, section.data.size))
		code = error_errno(err, -ENOMEM, "%s", name);
	elf_image_close(&image);
	return code;
}

static bool is_elf(struct slice file)
{
	return file.size >= SELFMAG && memcmp(file.data, ELFMAG, SELFMAG) == 0;
}

int btf_image_read(int fd, const char *name, const struct btf_build *build, struct buffer *out,
		   struct error *err)
{
	uint8_t magic[SELFMAG] = { 0 };
	size_t start = out->size;
	struct file_map map;
	int code;

	/* A raw BTF may be a file of sysfs, without a size to map; an ELF file may be huge: mapped. */
	if (pread(fd, magic, sizeof(magic), 0) == sizeof(magic) &&
	    is_elf(slice_of(magic, sizeof(magic)))) {
		code = file_map_fd(fd, name, &map, err);
		if (code)
			return code;
		code = read_elf(map.bytes, name, build, out, err);
		file_unmap(&map);
	} else {
		code = file_read_fd(fd, name, BTF_MAX_SIZE, out, err);
	}
	if (!code)
		code = check(out, start, name, err);
	if (code)
		out->size = start;
	return code;
}

int btf_file_parse(struct slice file, const char *name, struct buffer *out, struct error *err)
{
	size_t start = out->size;
	int code = 0;

	if (is_elf(file))
		code = read_elf(file, name, NULL, out, err);
	else if (file.size > BTF_MAX_SIZE)
		code = error_set(err, -EBADMSG, "%s: is too large for BTF", name);
	else if (buffer_append(out, file.data, file.size))
		code = error_errno(err, -ENOMEM, "%s", name);
	if (!code)
		code = check(out, start, name, err);
	if (code)
		out->size = start;
	return code;
}

int btf_file_read_below(int root_fd, const char *path, struct buffer *out, struct error *err)
{
	int fd = root_open_file(root_fd, path), code;

	if (fd < 0)
		return error_errno(err, fd, "/%s", path);
	code = btf_image_read(fd, path, NULL, out, err);
	close(fd);
	return code;
}

int btf_file_read(int dir_fd, const char *path, struct buffer *out, struct error *err)
{
	int fd = openat(dir_fd, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), code;

	if (fd < 0)
		return error_errno(err, -errno, "%s", path);
	code = btf_image_read(fd, path, NULL, out, err);
	close(fd);
	return code;
}
