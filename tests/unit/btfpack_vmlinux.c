/* SPDX-License-Identifier: BSD-2-Clause */
/* What an unpacked kernel says: its BTF among bytes that only look like it, and its banner. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <bpf/btf.h>

#include "btfpack/vmlinux.h"
#include "lib/array.h"

static void append(struct buffer *out, const void *data, size_t size)
{
	assert_int_equal(buffer_append(out, data, size), 0);
}

static void append_btf(struct buffer *out)
{
	struct btf *btf = btf__new_empty();
	const void *raw;
	uint32_t size;

	btf__add_int(btf, "int", 4, BTF_INT_SIGNED);
	raw = btf__raw_data(btf, &size);
	append(out, raw, size);
	btf__free(btf);
}

static void finds_btf_behind_false_ones(void **state)
{
	/* A bare magic; a header whose lengths reach too far; one whose types are nonsense. */
	static const uint8_t bare[] = { 0x9f, 0xeb, 0x01, 0x00, 0xff, 0xff };
	static const uint8_t far[24] = { 0x9f, 0xeb, 1, 0, 24, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 15,
					 0,    0,    0, 15, 9, 0, 0, 0 };
	static const uint8_t nonsense[24 + 4 + 2] = { 0x9f, 0xeb, 1, 0, 24, 0, 0, 0, 0, 0, 0, 0, 4, 0,
						      0,    0,    4, 0, 0,  0, 2, 0, 0, 0, 7 };
	struct buffer kernel = { 0 };
	struct error err = ERROR_NONE;
	struct slice btf;
	size_t start;

	(void)state;
	append(&kernel, bare, sizeof(bare));
	append(&kernel, far, sizeof(far));
	append(&kernel, nonsense, sizeof(nonsense));
	assert_int_equal(vmlinux_btf(buffer_slice(&kernel), &btf, &err), -EBADMSG);
	start = kernel.size;
	append_btf(&kernel);
	append(&kernel, bare, sizeof(bare));
	assert_int_equal(vmlinux_btf(buffer_slice(&kernel), &btf, &err), 0);
	assert_ptr_equal(btf.data, kernel.data + start);
	assert_int_equal(btf.size, kernel.size - sizeof(bare) - start);
	buffer_free(&kernel);
}

static void says_that_there_is_none(void **state)
{
	static const char text[] = "no BTF here";
	struct error err = ERROR_NONE;
	struct slice btf;

	(void)state;
	assert_int_equal(vmlinux_btf(slice_of(text, sizeof(text)), &btf, &err), -ENOENT);
	assert_non_null(strstr(err.text, "CONFIG_DEBUG_INFO_BTF"));
}

static bool banner_of(const char *text, struct vmlinux_banner *banner)
{
	return vmlinux_banner(slice_of(text, strlen(text)), banner);
}

static void reads_banner(void **state)
{
	struct vmlinux_banner banner;

	(void)state;
	assert_true(banner_of("xLinux version 6.1.0-54-cloud-amd64 (d@l.org) (gcc-12 (Debian "
			      "12.2.0-14+deb12u1) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40) "
			      "#1 SMP PREEMPT_DYNAMIC Debian 6.1.190-1 (2026-10-16)\nx", &banner));
	assert_string_equal(banner.release, "6.1.0-54-cloud-amd64");
	assert_string_equal(banner.build, "#1 SMP PREEMPT_DYNAMIC Debian 6.1.190-1 (2026-10-16)");

	/* A '#' within parentheses begins nothing. */
	assert_true(banner_of("Linux version 4.19.0 (a#1@b) (gcc version 8.3.0 (Debian 8.3.0-6)) "
			      "#1 SMP\n", &banner));
	assert_string_equal(banner.build, "#1 SMP");
}

/* 7.1's images hold the weak banner of init/version.c too, before the real one. */
static void passes_over_weak_banner(void **state)
{
	struct vmlinux_banner banner;

	(void)state;
	assert_true(banner_of("Linux version 7.1.13 (a@b) (gcc) # SMP PREEMPT\n"
			      "Linux version %s (%s)\n"
			      "Linux version 7.1.13 (a@b) (gcc) #1 SMP PREEMPT\n", &banner));
	assert_string_equal(banner.build, "#1 SMP PREEMPT");
	assert_false(banner_of("Linux version 7.1.13 (a@b) (gcc) # SMP PREEMPT\n", &banner));
}

static void refuses_odd_banner(void **state)
{
	struct vmlinux_banner banner;

	(void)state;
	assert_false(banner_of("Linux version ", &banner));
	assert_false(banner_of("Linux version 6.1 (a@b) (gcc) #1 SMP", &banner)); /* no end */
	assert_false(banner_of("Linux version 6.1\x01 (a@b) (gcc) #1 SMP\n", &banner));
	assert_false(banner_of("Linux version 6.1 (a@b) (gcc #1 SMP\n", &banner));
	assert_false(banner_of("Linux version 6.1 (a@b) (gcc) #1 123456789 123456789 123456789 "
			       "123456789 123456789 123456789 123\n", &banner));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_btf_behind_false_ones),
		cmocka_unit_test(says_that_there_is_none),
		cmocka_unit_test(reads_banner),
		cmocka_unit_test(passes_over_weak_banner),
		cmocka_unit_test(refuses_odd_banner),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
