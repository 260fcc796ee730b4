/* SPDX-License-Identifier: BSD-2-Clause */
#include <elf.h>
#include <errno.h>
#include <string.h>

#include "core/btf.h"
#include "core/elf_image.h"

#include "btfpack/vmlinux.h"

enum {
	BTF_HEADER_SIZE = 24,       /* what kernels carry today ... */
	BTF_HEADER_MAX_SIZE = 64,   /* ... and some room for longer ones in the scan */
	ELF_MACHINE_OFFSET = 18,
};

static const char banner_start[] = "Linux version ";

static bool is_elf(struct slice kernel)
{
	return kernel.size > EI_NIDENT && memcmp(kernel.data, ELFMAG, SELFMAG) == 0;
}

const char *vmlinux_arch(struct slice kernel)
{
	static const struct {
		uint16_t machine;
		const char *arch;
	} known[] = {
		{ EM_X86_64, "x86_64" }, { EM_AARCH64, "arm64" }, { EM_386, "i386" },
		{ EM_ARM, "arm" }, { EM_RISCV, "riscv64" }, { EM_PPC64, "ppc64le" },
	};
	uint16_t machine;
	size_t i;

	if (!is_elf(kernel) || kernel.size < ELF_MACHINE_OFFSET + 2 ||
	    kernel.data[EI_DATA] != ELFDATA2LSB)
		return NULL;
	machine = load_le16(kernel.data + ELF_MACHINE_OFFSET);
	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (known[i].machine == machine)
			return known[i].arch;
	return NULL;
}

static int check(struct slice btf, struct error *err)
{
	struct btf_view view;
	int code = btf_view_open(&view, btf, err);

	if (!code)
		btf_view_close(&view);
	return code;
}

/* From the .BTF section; -ENOENT when there is none. */
static int elf_btf(struct slice kernel, struct slice *btf, struct error *err)
{
	struct elf_section section;
	struct elf_image image;
	int code;

	code = elf_image_open(&image, kernel, "ELF", err);
	if (code)
		return code;
	if (image.header.e_machine == EM_BPF || image.header.e_type == ET_REL)
		code = error_set(err, -ENOTSUP, "an object file (a BPF object, a kernel module), where "
				 "a whole kernel is wanted");
	else
		code = elf_image_find(&image, ".BTF", &section, err);
	if (!code) {
		/* The section's bytes live as long as the ELF handle; those in the file, longer. */
		if (!section.index || section.data.size == 0 ||
		    !slice_part(kernel, section.header.sh_offset, section.header.sh_size, btf))
			code = error_set(err, -ENOENT, "no .BTF section");
	}
	elf_image_close(&image);
	return code ? code : check(*btf, err);
}

/* True when the header at the start of rest describes BTF that ends within rest. */
static bool looks_like_btf(struct slice rest, struct slice *btf)
{
	uint32_t header_size, type_size, string_size;
	struct slice strings;

	if (rest.size < BTF_HEADER_SIZE)
		return false;
	header_size = load_le32(rest.data + 4);
	type_size = load_le32(rest.data + 12);
	string_size = load_le32(rest.data + 20);
	if (header_size < BTF_HEADER_SIZE || header_size > BTF_HEADER_MAX_SIZE ||
	    load_le32(rest.data + 8) != 0 || load_le32(rest.data + 16) != type_size ||
	    type_size == 0 || type_size > BTF_MAX_SIZE || string_size > BTF_MAX_SIZE)
		return false;
	return slice_part(rest, (uint64_t)header_size + type_size, string_size, &strings) &&
	       strings.size > 1 && strings.data[0] == '\0' &&
	       strings.data[strings.size - 1] == '\0' &&
	       slice_part(rest, 0, (uint64_t)header_size + type_size + string_size, btf);
}

/* The magic is four bytes that occur by chance too: each place is tried until one is whole. */
static int scan_btf(struct slice kernel, struct slice *btf, struct error *err)
{
	static const uint8_t magic[] = { 0x9f, 0xeb, 0x01, 0x00 };
	struct error first = ERROR_NONE, *here = &first;
	struct slice rest = kernel;
	const uint8_t *found;

	while ((found = memmem(rest.data, rest.size, magic, sizeof(magic)))) {
		rest = slice_of(found, rest.size - (size_t)(found - rest.data));
		if (looks_like_btf(rest, btf)) {
			if (check(*btf, here) == 0)
				return 0;
			here = NULL; /* what the first one lacked is what a person wants to read */
		}
		rest = slice_of(rest.data + 1, rest.size - 1);
	}
	if (first.code)
		return error_set(err, first.code, "%s", first.text);
	return error_set(err, -ENOENT, "a kernel without BTF (CONFIG_DEBUG_INFO_BTF is not set); "
			 "the vmlinux of its debug package will do");
}

bool vmlinux_has_dwarf(struct slice kernel)
{
	struct elf_section section = { .index = 0 };
	struct elf_image image;

	if (!is_elf(kernel) || elf_image_open(&image, kernel, "ELF", NULL))
		return false;
	if (elf_image_find(&image, ".debug_info", &section, NULL))
		section.index = 0;
	elf_image_close(&image);
	return section.index != 0 && section.data.size > 0;
}

int vmlinux_btf(struct slice kernel, struct slice *btf, struct error *err)
{
	int code = -ENOENT;

	if (is_elf(kernel))
		code = elf_btf(kernel, btf, err);
	if (code != -ENOENT || vmlinux_has_dwarf(kernel))
		return code;
	return scan_btf(kernel, btf, err);
}

/* Copies length bytes as a field; false when they are not printable or do not fit. */
static bool take_field(char field[static BANNER_FIELD_SIZE], const uint8_t *text, size_t length)
{
	size_t i;

	if (length == 0 || length >= BANNER_FIELD_SIZE)
		return false;
	for (i = 0; i < length; i++)
		if (text[i] < 0x20 || text[i] > 0x7e)
			return false;
	memcpy(field, text, length);
	field[length] = '\0';
	return true;
}

/* line is "RELEASE (who@where) (compiler, linker) #N ...", where parentheses nest. */
static bool parse_banner(struct slice line, struct vmlinux_banner *out)
{
	size_t i, release_length, depth = 0;

	for (i = 0; i < line.size && line.data[i] != ' '; i++)
		;
	release_length = i;
	for (; i < line.size; i++) {
		if (line.data[i] == '(')
			depth++;
		else if (line.data[i] == ')' && depth > 0)
			depth--;
		else if (line.data[i] == '#' && depth == 0)
			break;
	}
	/*
	 * Newer images (seen in 7.1) hold a second, weak banner that the linker overrode, with "# SMP"
	 * for "#1 SMP": the number is what tells them apart.
	 */
	if (i + 1 >= line.size || line.data[i + 1] < '0' || line.data[i + 1] > '9')
		return false;
	return take_field(out->release, line.data, release_length) &&
	       take_field(out->build, line.data + i, line.size - i);
}

bool vmlinux_banner(struct slice kernel, struct vmlinux_banner *out)
{
	enum { START_LENGTH = sizeof(banner_start) - 1, LINE_MAX_SIZE = 1024 };
	struct slice rest = kernel;
	const uint8_t *found, *end;
	size_t limit;

	while ((found = memmem(rest.data, rest.size, banner_start, START_LENGTH))) {
		found += START_LENGTH;
		rest = slice_of(found, rest.size - (size_t)(found - rest.data));
		limit = rest.size < LINE_MAX_SIZE ? rest.size : LINE_MAX_SIZE;
		end = memchr(found, '\n', limit);
		if (end && parse_banner(slice_of(found, (size_t)(end - found)), out))
			return true;
	}
	return false;
}
