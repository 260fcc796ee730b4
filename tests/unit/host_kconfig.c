/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <zlib.h>

#include <cmocka.h>

#include "host/kconfig.h"

static void options(void **state)
{
	static const char text[] =
		"#\n# Linux/x86 6.1.94 Kernel Configuration\n#\n"
		"CONFIG_BPF=y\n"
		"CONFIG_BPF_SYSCALL_EXTRA=y\n"
		"# CONFIG_KPROBES is not set\n"
		"CONFIG_NET_SCH=m\r\n"
		"CONFIG_LOCALVERSION=\"-cloud\"\n"
		"CONFIG_HZ=250\n"
		"XCONFIG_LAST=y\n"
		"CONFIG_LAST=y";
	static const struct {
		const char *name, *value;
		enum truth truth;
	} EXPECTED[] = {
		{ "CONFIG_BPF", "y", TRUTH_YES },
		{ "CONFIG_BPF_SYSCALL", "n", TRUTH_NO },
		{ "CONFIG_KPROBES", "n", TRUTH_NO },
		{ "CONFIG_NET_SCH", "m", TRUTH_YES },
		{ "CONFIG_LOCALVERSION", "-cloud", TRUTH_NO },
		{ "CONFIG_HZ", "250", TRUTH_NO },
		{ "CONFIG_LAST", "y", TRUTH_YES },
		{ "CONFIG_ABSENT", "n", TRUTH_NO },
	};
	enum { COUNT = sizeof(EXPECTED) / sizeof(EXPECTED[0]) };
	struct kconfig_option found[COUNT] = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < COUNT; i++)
		found[i].name = EXPECTED[i].name;
	kconfig_parse(slice_of(text, sizeof(text) - 1), found, COUNT);
	for (i = 0; i < COUNT; i++) {
		assert_string_equal(found[i].value, EXPECTED[i].value);
		assert_int_equal(found[i].set.truth, EXPECTED[i].truth);
	}
}

/* Compresses text as /proc/config.gz is. */
static size_t gzip(const void *text, size_t size, uint8_t *out, size_t out_size)
{
	z_stream z = { 0 };

	assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY), Z_OK);
	z.next_in = (Bytef *)(uintptr_t)text;
	z.avail_in = (uInt)size;
	z.next_out = out;
	z.avail_out = (uInt)out_size;
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	deflateEnd(&z);
	return out_size - z.avail_out;
}

static void gunzip(void **state)
{
	static uint8_t zeros[1024 * 1024], packed[4096];
	struct buffer out = { 0 };
	size_t size = gzip("CONFIG_BPF=y\n", 13, packed, sizeof(packed)), cut;

	(void)state;
	assert_int_equal(kconfig_gunzip(slice_of(packed, size), 100, &out), 0);
	assert_int_equal(out.size, 13);
	assert_memory_equal(out.data, "CONFIG_BPF=y\n", 13);

	/* Every truncation, and a flipped byte in the checksum. */
	for (cut = 0; cut < size; cut++)
		assert_int_equal(kconfig_gunzip(slice_of(packed, cut), 100, &out), -EBADMSG);
	packed[size - 6] ^= 1;
	assert_int_equal(kconfig_gunzip(slice_of(packed, size), 100, &out), -EBADMSG);
	assert_int_equal(kconfig_gunzip(slice_of("CONFIG_BPF=y\n", 13), 100, &out), -EBADMSG);

	/* A bomb stops at the limit. */
	size = gzip(zeros, sizeof(zeros), packed, sizeof(packed));
	assert_int_equal(kconfig_gunzip(slice_of(packed, size), 1000, &out), -EFBIG);
	assert_int_equal(out.size, 13);
	buffer_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(options),
		cmocka_unit_test(gunzip),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
