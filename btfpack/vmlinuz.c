/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <string.h>

#include "btfpack/decompress.h"
#include "btfpack/vmlinuz.h"

/* x86 boot protocol, offsets in the file. */
enum {
	X86_SETUP_SECTS = 0x1f1,
	X86_BOOT_FLAG = 0x1fe,        /* 0xaa55 */
	X86_MAGIC = 0x202,            /* "HdrS" */
	X86_VERSION = 0x206,
	X86_XLOADFLAGS = 0x236,       /* bit 0: a 64-bit kernel; since protocol 2.12 */
	X86_PAYLOAD_OFFSET = 0x248,   /* from the protected-mode code on; since protocol 2.08 */
	X86_PAYLOAD_LENGTH = 0x24c,
	X86_HEADER_SIZE = 0x250,
	X86_SECTOR = 512,
	X86_HAS_PAYLOAD = 0x208,
	X86_HAS_XLOADFLAGS = 0x20c,
};

enum {
	ZBOOT_MAGIC = 4,              /* "zimg" behind "MZ\0\0" */
	ZBOOT_PAYLOAD_OFFSET = 8,
	ZBOOT_PAYLOAD_LENGTH = 12,
	ZBOOT_HEADER_SIZE = 56,
};

enum { ARM64_MAGIC = 0x38, ARM64_HEADER_SIZE = 64 };

enum vmlinuz_kind vmlinuz_kind(struct slice file)
{
	if (file.size >= X86_HEADER_SIZE && memcmp(file.data + X86_MAGIC, "HdrS", 4) == 0 &&
	    load_le16(file.data + X86_BOOT_FLAG) == 0xaa55)
		return VMLINUZ_BZIMAGE;
	if (file.size >= ZBOOT_HEADER_SIZE && memcmp(file.data, "MZ", 2) == 0 &&
	    memcmp(file.data + ZBOOT_MAGIC, "zimg", 4) == 0)
		return VMLINUZ_ZBOOT;
	if (file.size >= ARM64_HEADER_SIZE && memcmp(file.data + ARM64_MAGIC, "ARM\x64", 4) == 0)
		return VMLINUZ_IMAGE;
	return VMLINUZ_NONE;
}

const char *vmlinuz_arch(struct slice file)
{
	switch (vmlinuz_kind(file)) {
	case VMLINUZ_BZIMAGE:
		if (load_le16(file.data + X86_VERSION) < X86_HAS_XLOADFLAGS)
			return NULL;
		return load_le16(file.data + X86_XLOADFLAGS) & 1 ? "x86_64" : "i386";
	case VMLINUZ_IMAGE:
		return "arm64";
	default: /* zboot serves arm64, riscv and loongarch; the kernel inside tells */
		return NULL;
	}
}

static int bzimage_payload(struct slice file, struct slice *payload, struct error *err)
{
	unsigned int version = load_le16(file.data + X86_VERSION);
	uint64_t sectors = file.data[X86_SETUP_SECTS];
	uint64_t offset, length;

	if (version < X86_HAS_PAYLOAD)
		return error_set(err, -ENOTSUP, "x86 boot protocol %u.%02u: older than 2.08, which "
				 "first told where the kernel is", version >> 8, version & 0xff);
	if (sectors == 0)
		sectors = 4; /* what 0 stands for since the first boot protocol */
	offset = (sectors + 1) * X86_SECTOR + load_le32(file.data + X86_PAYLOAD_OFFSET);
	length = load_le32(file.data + X86_PAYLOAD_LENGTH);
	if (length < 8 || !slice_part(file, offset, length, payload))
		return error_set(err, -EBADMSG, "cut short: the compressed kernel should be at %llu, "
				 "%llu bytes, and the file has %zu", (unsigned long long)offset,
				 (unsigned long long)length, file.size);
	/*
	 * The build appends the unpacked size as 4 bytes, but to gzip, whose own trailer is just
	 * that.  To lz4's legacy format they would look like one more block.
	 */
	if (payload->data[0] != 0x1f || payload->data[1] != 0x8b)
		payload->size -= 4;
	return 0;
}

static int zboot_payload(struct slice file, struct slice *payload, struct error *err)
{
	uint64_t offset = load_le32(file.data + ZBOOT_PAYLOAD_OFFSET);
	uint64_t length = load_le32(file.data + ZBOOT_PAYLOAD_LENGTH);

	if (!slice_part(file, offset, length, payload))
		return error_set(err, -EBADMSG, "cut short: the compressed kernel should be at %llu, "
				 "%llu bytes, and the file has %zu", (unsigned long long)offset,
				 (unsigned long long)length, file.size);
	return 0;
}

int vmlinuz_unpack(struct slice file, size_t max_size, struct buffer *out, struct error *err)
{
	struct slice payload;
	int code;

	switch (vmlinuz_kind(file)) {
	case VMLINUZ_BZIMAGE:
		code = bzimage_payload(file, &payload, err);
		break;
	case VMLINUZ_ZBOOT:
		code = zboot_payload(file, &payload, err);
		break;
	case VMLINUZ_IMAGE:
		code = buffer_append(out, file.data, file.size);
		return code ? error_errno(err, code, "kernel") : 0;
	default:
		return error_set(err, -ENOTSUP, "not a kernel image");
	}
	if (code)
		return code;
	code = decompress(payload, max_size, out, err);
	if (code)
		error_wrap(err, "compressed kernel");
	return code;
}
