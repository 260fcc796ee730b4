/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sizes that are claimed and cannot be: whatever a small file says of itself, nothing large is
 * allocated for it, by us or by a library.
 */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "btfpack/deb.h"
#include "btfpack/decompress.h"
#include "btfpack/rpm.h"
#include "btfpack/vmlinux.h"
#include "btfpack/vmlinuz.h"
#include "core/btf.h"
#include "core/object.h"
#include "host/kconfig.h"
#include "lib/file.h"
#include "payload/codec.h"
#include "payload/reader.h"
#include "payload/section.h"

#include "tests/unit/allocations.h"

enum { MiB = 1 << 20, SMALL = 2 * MiB };

static void expect_small(const char *what, size_t at, uint64_t value)
{
	if (largest_allocation > SMALL)
		fail_msg("%s: byte %zu as 0x%llx: %zu bytes were allocated", what, at,
			 (unsigned long long)value, largest_allocation);
	largest_allocation = 0;
}

/* Numbers that counts and sizes are not, at and beside the limits of the formats. */
static const uint64_t absurd[] = {
	UINT64_MAX, INT64_MAX, UINT32_MAX, INT32_MAX, UINT64_MAX - 127, 1u << 31, 1u << 30, 1 << 28,
	PAYLOAD_MAX_BTFS, PAYLOAD_MAX_KERNELS, PAYLOAD_MAX_CLUSTERS, PAYLOAD_MAX_FILES,
	PAYLOAD_MAX_CONTENT, PAYLOAD_MAX_INDEX, BTF_MAX_SIZE, UINT16_MAX,
};

enum { ABSURD_COUNT = sizeof(absurd) / sizeof(absurd[0]) };

static void store(uint8_t *at, size_t size, uint64_t value)
{
	for (; size > 0; size--, value >>= 8)
		*at++ = (uint8_t)value;
}

/*
 * Reads the bytes with each field of 2, 4 and 8 bytes at each place replaced by each number.  Those
 * of a 2-byte field are cut to it.
 */
static void try_everywhere(const char *what, struct slice good, size_t begin, size_t end,
			   void (*read)(uint8_t *bytes, size_t size))
{
	uint8_t *copy = malloc(good.size);
	size_t at, width, i;

	assert_non_null(copy);
	for (at = begin; at < end; at += 2) {
		for (width = 2; width <= 8 && at + width <= good.size; width *= 2) {
			for (i = 0; i < ABSURD_COUNT; i++) {
				memcpy(copy, good.data, good.size);
				store(copy + at, width, absurd[i]);
				largest_allocation = 0;
				read(copy, good.size);
				expect_small(what, at, absurd[i]);
			}
		}
	}
	free(copy);
}

/* With its checksums made right, as a hostile writer would. */
static void reseal(uint8_t *payload, size_t size)
{
	uint64_t index_size = load_le64(payload + 64);
	struct digest digest;

	if (range_fits(size, PAYLOAD_HEADER_SIZE, index_size)) {
		digest = digest_of(slice_of(payload + PAYLOAD_HEADER_SIZE, (size_t)index_size));
		memcpy(payload + 72, digest.bytes, DIGEST_SIZE);
	}
	digest = digest_of(slice_of(payload + 40, PAYLOAD_HEADER_SIZE - 40));
	memcpy(payload + 8, digest.bytes, DIGEST_SIZE);
}

static void read_payload(uint8_t *bytes, size_t size)
{
	struct buffer out = { 0 };
	struct payload *payload;
	size_t i;

	reseal(bytes, size);
	if (payload_open_bytes(slice_of(bytes, size), "p", &payload, NULL))
		return;
	payload_verify(payload, NULL);
	for (i = 0; i < payload_file_count(payload); i++)
		payload_file_read(payload, i, &out, NULL);
	buffer_free(&out);
	payload_close(payload);
}

static void payloads(void **state)
{
	struct buffer good = { 0 };

	(void)state;
	assert_int_equal(file_read(AT_FDCWD, "tests/files/payload/good-worked-example.payload", 4096,
				   &good, NULL), 0);
	try_everywhere("payload", buffer_slice(&good), 40, 0x1a4, read_payload);
	buffer_free(&good);
}

static void read_btf(uint8_t *bytes, size_t size)
{
	struct btf_view view;

	if (btf_view_open(&view, slice_of(bytes, size), NULL) == 0)
		btf_view_close(&view);
}

/* int; struct s { int a; int b[4]; } */
static const uint32_t btf[] = {
	0x0001eb9f, 24, 0, 76, 76, 16,
	1, 0x01000000, 4, 0x01000020,
	0, 0x03000000, 0, 1, 1, 4,
	5, 0x04000002, 20, 7, 1, 0, 9, 2, 32,
	/* "\0int\0s\0a\0b\0" and what fills it up */
	0x746e6900, 0x61007300, 0x00006200, 0,
};

static void btfs(void **state)
{
	(void)state;
	try_everywhere("BTF", slice_of(btf, sizeof(btf)), 0, sizeof(btf), read_btf);
}

/* A header, and three section headers behind it: nothing, .BTF, names. */
struct elf {
	Elf64_Ehdr header;
	Elf64_Shdr sections[3];
	char names[32];
};

static void read_elf(uint8_t *bytes, size_t size)
{
	const struct slice file = slice_of(bytes, size);
	struct object *object;
	struct slice found;

	if (object_open(file, "o", &object, NULL) == 0)
		object_close(object);
	section_find(file, "o", PAYLOAD_SECTION, &found, NULL);
	vmlinux_btf(file, &found, NULL);
	vmlinux_has_dwarf(file);
}

static void elves(void **state)
{
	struct elf elf = {
		.header = {
			.e_ident = { 0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB, EV_CURRENT },
			.e_type = ET_REL, .e_machine = EM_BPF, .e_version = EV_CURRENT,
			.e_shoff = offsetof(struct elf, sections), .e_ehsize = sizeof(Elf64_Ehdr),
			.e_shentsize = sizeof(Elf64_Shdr), .e_shnum = 3, .e_shstrndx = 2,
		},
		.sections = {
			{ .sh_type = SHT_NULL },
			{ .sh_name = 1, .sh_type = SHT_PROGBITS, .sh_size = 4 },
			{ .sh_name = 6, .sh_type = SHT_STRTAB,
			  .sh_offset = offsetof(struct elf, names), .sh_size = sizeof(elf.names) },
		},
		.names = "\0.BTF\0.strtab\0.btferry.payload",
	};
	uint16_t type;

	(void)state;
	for (type = ET_REL; type <= ET_EXEC; type++) {
		elf.header.e_type = type;
		elf.header.e_machine = type == ET_REL ? EM_BPF : EM_X86_64;
		try_everywhere("ELF", slice_of(&elf, sizeof(elf)), 0, sizeof(elf), read_elf);
	}
	elf.sections[1].sh_name = 14; /* the payload's */
	try_everywhere("ELF", slice_of(&elf, sizeof(elf)), 0, sizeof(elf), read_elf);
}

/* Unpacks as all that is known, with as much allowed as a command allows. */
static void unpack(const char *what, const void *bytes, size_t size)
{
	const struct slice file = slice_of(bytes, size);
	struct buffer out = { 0 };
	struct error err;

	largest_allocation = 0;
	assert_int_not_equal(decompress_btf(file, BTF_MAX_SIZE, &out, &err), 0);
	assert_int_equal(out.size, 0);
	/* libarchive, which looks at no claim of lz4's, gives what is there. */
	decompress(file, VMLINUZ_MAX_SIZE, &out, &err);
	/* lz4 has a buffer for two blocks of 4 MiB. */
	if (largest_allocation > 16 * MiB)
		fail_msg("%s: %zu bytes were allocated", what, largest_allocation);
	buffer_free(&out);
}

static void streams(void **state)
{
	/* Content size 200 MiB, a block with one byte, and the end. */
	static const uint8_t lz4[] = {
		0x04, 0x22, 0x4d, 0x18, 0x68, 0x70, 0, 0, 0x80, 0x0c, 0, 0, 0, 0, 0xce,
		1, 0, 0, 0x80, 'x', 0, 0, 0, 0,
	};
	/* A dictionary of 1.5 GiB, in .xz; and one of 4 GiB - 1, in .lzma. */
	static const uint8_t xz[] = {
		0xfd, '7', 'z', 'X', 'Z', 0, 0, 4, 0xe6, 0xd6, 0xb4, 0x46, 2, 0, 0x21, 1, 0x25, 0, 0, 0,
		0x3b, 0x78, 0x7b, 0x41, 0xe0, 0, 0x31, 0, 0x0b, 0x5d, 0, 0x34, 0x19, 0x49, 0xee, 0x8e,
	};
	static const uint8_t lzma[] = {
		0x5d, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0x34,
		0x19, 0x49, 0xee, 0x8e,
	};
	/* A window of 2 GiB. */
	static const uint8_t zstd[] = { 0x28, 0xb5, 0x2f, 0xfd, 0x04, 0xa8, 0x45, 0, 0, 0x10, 0, 0, 1, 0 };

	(void)state;
	unpack("lz4", lz4, sizeof(lz4));
	unpack("xz", xz, sizeof(xz));
	unpack("lzma", lzma, sizeof(lzma));
	unpack("zstd", zstd, sizeof(zstd));
}

/* Sizes of a bzImage's and of a zboot image's kernel. */
static void read_kernel(uint8_t *bytes, size_t size)
{
	struct buffer out = { 0 };

	vmlinuz_unpack(slice_of(bytes, size), VMLINUZ_MAX_SIZE, &out, NULL);
	buffer_free(&out);
}

static void kernels(void **state)
{
	uint8_t image[1024] = { 0 };

	(void)state;
	image[0x1f1] = 1;
	store_le16(image + 0x1fe, 0xaa55);
	memcpy(image + 0x202, "HdrS", 4);
	store_le16(image + 0x206, 0x20f);
	try_everywhere("bzImage", slice_of(image, sizeof(image)), 0x240, 0x260, read_kernel);
	memset(image, 0, sizeof(image));
	memcpy(image, "MZ\0\0zimg", 8);
	try_everywhere("zboot", slice_of(image, sizeof(image)), 8, 16, read_kernel);
}

static void read_rpm(uint8_t *bytes, size_t size)
{
	struct package_kernel package = { .name = "" };

	rpm_read_tags(slice_of(bytes, size), &package, NULL);
	rpm_read_kernel(slice_of(bytes, size), &package, NULL);
	package_free(&package);
}

static void packages(void **state)
{
	static const char deb[] =
		"!<arch>\ndebian-binary   0           0     0     100644  4         `\n2.0\n"
		"data.tar.xz     0           0     0     100644  9999999999`\nxxxxxxxx";
	struct package_kernel package = { .name = "" };
	uint8_t rpm[96 + 16 + 16] = { 0xed, 0xab, 0xee, 0xdb, 3 };

	(void)state;
	rpm[96] = rpm[112] = 0x8e;
	rpm[97] = rpm[113] = 0xad;
	rpm[98] = rpm[114] = 0xe8;
	rpm[99] = rpm[115] = 1;
	try_everywhere("rpm", slice_of(rpm, sizeof(rpm)), 96, sizeof(rpm), read_rpm);
	largest_allocation = 0;
	assert_int_not_equal(deb_read_kernel(slice_of(deb, sizeof(deb) - 1), &package, NULL), 0);
	package_free(&package);
	expect_small("deb", 0, 0);
}

/* The size at the end of a gzip file is that of its content, and nobody believes it. */
static void configurations(void **state)
{
	uint8_t packed[] = { 0x1f, 0x8b, 8, 0, 0,    0,    0,    0,    0, 3,
			     3,    0,    0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff };
	struct buffer out = { 0 };

	(void)state;
	largest_allocation = 0;
	assert_int_equal(kconfig_gunzip(slice_of(packed, sizeof(packed)), 16 * MiB, &out), -EBADMSG);
	expect_small("config.gz", 16, UINT32_MAX);
	buffer_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(payloads),
		cmocka_unit_test(btfs),
		cmocka_unit_test(elves),
		cmocka_unit_test(streams),
		cmocka_unit_test(kernels),
		cmocka_unit_test(packages),
		cmocka_unit_test(configurations),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
