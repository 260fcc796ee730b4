/* SPDX-License-Identifier: BSD-2-Clause */
/* The build that an x86 kernel image names in plain text, and images that are none. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host/kernel_image.h"

enum { IMAGE_SIZE = 0x4000, TEXT = 0x200 + 0x800 };

static char folder[] = "/tmp/btferry-image-XXXXXX";
static uint8_t image[IMAGE_SIZE];

/* An image with that text, as the boot protocol has it. */
static void make(const char *text)
{
	memset(image, 0, sizeof(image));
	memcpy(image + 0x202, "HdrS", 4);
	image[0x20e] = 0x00;
	image[0x20f] = 0x08;
	memcpy(image + TEXT, text, strlen(text));
}

/* What is read of the first bytes of it. */
static const char *build_of(size_t size, const char *release)
{
	static char build[KERNEL_BUILD_SIZE];
	char path[64];
	FILE *file;

	snprintf(path, sizeof(path), "%s/vmlinuz", folder);
	file = fopen(path, "wb");
	assert_non_null(file);
	assert_int_equal(fwrite(image, 1, size, file), size);
	assert_int_equal(fclose(file), 0);
	memset(build, 'x', sizeof(build));
	kernel_image_build(folder, "/vmlinuz", release, build);
	unlink(path);
	return build;
}

static void reads_what_kernels_have(void **state)
{
	(void)state;
	/* linux-image-6.1.0-56-cloud-amd64 of Debian 12. */
	make("6.1.0-56-cloud-amd64 (debian-kernel@lists.debian.org) #1 SMP PREEMPT_DYNAMIC "
	     "Debian 6.1.192-2 (2026-11-16)");
	assert_string_equal(build_of(IMAGE_SIZE, "6.1.0-56-cloud-amd64"),
			    "#1 SMP PREEMPT_DYNAMIC Debian 6.1.192-2 (2026-11-16)");
	make("5.4.0 (a#1@b (c)) #42-Ubuntu SMP");
	assert_string_equal(build_of(IMAGE_SIZE, "5.4.0"), "#42-Ubuntu SMP");
}

static void is_of_that_release_alone(void **state)
{
	(void)state;
	make("6.1.0-56-cloud-amd64 (a@b) #1 SMP");
	assert_string_equal(build_of(IMAGE_SIZE, "6.1.0-56"), "");
	assert_string_equal(build_of(IMAGE_SIZE, "6.1.0-56-cloud-amd64x"), "");
	assert_string_equal(build_of(IMAGE_SIZE, ""), "");
}

static void takes_no_build_that_cannot_be_one(void **state)
{
	char text[256];

	(void)state;
	make("6.1 (a@b) # SMP"); /* without its number */
	assert_string_equal(build_of(IMAGE_SIZE, "6.1"), "");
	make("6.1 (a@b)");
	assert_string_equal(build_of(IMAGE_SIZE, "6.1"), "");
	make("6.1 (a@b) #1 SMP\033[31m");
	assert_string_equal(build_of(IMAGE_SIZE, "6.1"), "");
	snprintf(text, sizeof(text), "6.1 (a@b) #1%063d", 0);
	make(text); /* 65 bytes, and uname has room for 64 */
	assert_string_equal(build_of(IMAGE_SIZE, "6.1"), "");
	snprintf(text, sizeof(text), "6.1 (a@b) #1%062d", 0);
	make(text);
	assert_int_equal(strlen(build_of(IMAGE_SIZE, "6.1")), 64);
}

static void reads_nothing_beyond_the_file(void **state)
{
	size_t size;

	(void)state;
	make("6.1 (a@b) #1 SMP");
	/* The text ends where the file does, without the NUL. */
	for (size = 0; size < TEXT + strlen("6.1 (a@b) #1 SMP"); size++)
		assert_string_equal(build_of(size, "6.1"), "");
	assert_string_equal(build_of(size + 1, "6.1"), "#1 SMP");
	memset(image + 0x20e, 0xff, 2); /* far behind the end */
	assert_string_equal(build_of(IMAGE_SIZE, "6.1"), "");
	make("6.1 (a@b) #1 SMP");
	image[0x202] = 'h';
	assert_string_equal(build_of(IMAGE_SIZE, "6.1"), "");
}

static void files_that_are_none(void **state)
{
	char build[KERNEL_BUILD_SIZE];

	(void)state;
	kernel_image_build(folder, "missing", "6.1", build);
	assert_string_equal(build, "");
	kernel_image_build(folder, "/", "6.1", build);
	assert_string_equal(build, "");
	kernel_image_build("/no/such/root", "vmlinuz", "6.1", build);
	assert_string_equal(build, "");
	kernel_image_build(NULL, "/dev/zero", "6.1", build);
	assert_string_equal(build, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_what_kernels_have),
		cmocka_unit_test(is_of_that_release_alone),
		cmocka_unit_test(takes_no_build_that_cannot_be_one),
		cmocka_unit_test(reads_nothing_beyond_the_file),
		cmocka_unit_test(files_that_are_none),
	};
	int failed;

	if (!mkdtemp(folder))
		return 1;
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	rmdir(folder);
	return failed;
}
