/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any bytes as a bootable kernel: bzImage, zboot, a flat Image, or a compressed stream.  However
 * much is claimed or packed, no more than the limit comes out, and nothing when it is refused.
 */
#include <errno.h>
#include <stdlib.h>

#include "btfpack/decompress.h"
#include "btfpack/vmlinuz.h"
#include "host/kernel_image.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LIMIT = 256 * 1024 };

static void check(int code, const struct buffer *out, const struct error *err, size_t limit)
{
	if (code ? out->size != 0 || !err->text[0] : out->size > limit)
		abort();
	if (code && code != -EBADMSG && code != -ENOTSUP && code != -EFBIG)
		abort(); /* it is the file that is wrong, and neither the system nor we */
}

static void read_banner(struct slice file)
{
	char build[KERNEL_BUILD_SIZE];

	kernel_image_build_in(file, "6.1.0-54-cloud-amd64", build);
	if (strnlen(build, sizeof(build)) == sizeof(build))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct slice file = slice_of(data, size);
	struct error err = ERROR_NONE;
	struct buffer out = { 0 };
	bool is_image = vmlinuz_kind(file) != VMLINUZ_NONE;
	int code;

	if (is_image)
		read_banner(file);
	vmlinuz_arch(file);
	code = is_image ? vmlinuz_unpack(file, LIMIT, &out, &err) : decompress(file, LIMIT, &out, &err);
	/* A flat Image is the kernel itself, as long as its file. */
	check(code, &out, &err, size > LIMIT ? size : LIMIT);
	buffer_free(&out);
	return 0;
}
