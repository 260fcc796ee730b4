/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <zlib.h>

#include <cmocka.h>

#include "host/kconfig.h"
#include "tests/unit/fake_root.h"

static struct kconfig *parse(const char *text, size_t size)
{
	struct kconfig *kconfig;

	assert_int_equal(kconfig_parse(slice_of(text, size), &kconfig), 0);
	return kconfig;
}

static void options(void **state)
{
	static const char text[] =
		"#\n# Linux/x86 6.1.94 Kernel Configuration\n#\n"
		"CONFIG_BPF=y\n"
		"CONFIG_BPF_SYSCALL_EXTRA=y\n"
		"# CONFIG_KPROBES is not set\n"
		"# CONFIG_HALF is not\n"
		"CONFIG_NET_SCH=m\r\n"
		"# CONFIG_CARRIAGE is not set\r\n"
		"CONFIG_LOCALVERSION=\"-cloud\"\n"
		"CONFIG_QUOTED=\"a \\\"b\\\" \\\\ c\"\n"
		"CONFIG_EMPTY=\"\"\n"
		"CONFIG_LETTER=\"y\"\n"
		"CONFIG_HZ=250\n"
		"CONFIG_MASK=0xdead0000\n"
		"CONFIG_OFF=n\n"
		"CONFIG_TWICE=y\nCONFIG_TWICE=m\n"
		"CONFIG_AGAIN=y\n# CONFIG_AGAIN is not set\n"
		"XCONFIG_LAST=y\n"
		" CONFIG_INDENTED=y\n"
		"CONFIG_LAST=y";
	static const struct {
		const char *name;
		enum kconfig_state state;
		const char *value;
		enum truth set;
	} EXPECTED[] = {
		{ "CONFIG_BPF", KCONFIG_BUILT_IN, "y", TRUTH_YES },
		{ "CONFIG_BPF_SYSCALL", KCONFIG_ABSENT, "n", TRUTH_NO },
		{ "CONFIG_KPROBES", KCONFIG_NOT_SET, "n", TRUTH_NO },
		{ "CONFIG_HALF", KCONFIG_ABSENT, "n", TRUTH_NO },
		{ "CONFIG_NET_SCH", KCONFIG_MODULE, "m", TRUTH_YES },
		{ "CONFIG_CARRIAGE", KCONFIG_NOT_SET, "n", TRUTH_NO },
		{ "CONFIG_LOCALVERSION", KCONFIG_TEXT, "-cloud", TRUTH_YES },
		{ "CONFIG_QUOTED", KCONFIG_TEXT, "a \"b\" \\ c", TRUTH_YES },
		{ "CONFIG_EMPTY", KCONFIG_TEXT, "", TRUTH_YES },
		{ "CONFIG_LETTER", KCONFIG_TEXT, "y", TRUTH_YES },
		{ "CONFIG_HZ", KCONFIG_NUMBER, "250", TRUTH_YES },
		{ "CONFIG_MASK", KCONFIG_NUMBER, "0xdead0000", TRUTH_YES },
		{ "CONFIG_OFF", KCONFIG_NOT_SET, "n", TRUTH_NO },
		{ "CONFIG_TWICE", KCONFIG_MODULE, "m", TRUTH_YES },
		{ "CONFIG_AGAIN", KCONFIG_NOT_SET, "n", TRUTH_NO },
		{ "CONFIG_INDENTED", KCONFIG_ABSENT, "n", TRUTH_NO },
		{ "CONFIG_LAST", KCONFIG_BUILT_IN, "y", TRUTH_YES },
		{ "CONFIG_", KCONFIG_ABSENT, "n", TRUTH_NO },
	};
	struct kconfig *kconfig = parse(text, sizeof(text) - 1);
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(EXPECTED) / sizeof(EXPECTED[0]); i++) {
		struct kconfig_option found = kconfig_find(kconfig, EXPECTED[i].name);

		if (found.state != EXPECTED[i].state)
			fail_msg("%s: state %d", EXPECTED[i].name, found.state);
		assert_string_equal(found.value, EXPECTED[i].value);
		assert_int_equal(found.set.truth, EXPECTED[i].set);
	}
	kconfig_free(kconfig);
}

/* Neither is a configuration that says everything is off. */
static void no_configuration(void **state)
{
	static const char zeroed[] = "CONFIG_BPF=y\nCONFIG_HZ=\0\0\0\0";
	struct kconfig *kconfig;

	(void)state;
	assert_int_equal(kconfig_parse(slice_of("", 0), &kconfig), -EBADMSG);
	assert_null(kconfig);
	assert_int_equal(kconfig_parse(slice_of("<html>\n", 7), &kconfig), -EBADMSG);
	assert_int_equal(kconfig_parse(slice_of("# CONFIG_X\n", 11), &kconfig), -EBADMSG);
	/* A crash left zeros at the end of the file. */
	assert_int_equal(kconfig_parse(slice_of(zeroed, sizeof(zeroed)), &kconfig), -EBADMSG);
	assert_int_equal(kconfig_find(NULL, "CONFIG_BPF").state, KCONFIG_UNKNOWN);
	assert_int_equal(kconfig_find(NULL, "CONFIG_BPF").set.truth, TRUTH_UNKNOWN);
}

/* Options that were recorded: those that were not are unknown, where not all of them were. */
static void recorded(void **state)
{
	struct kconfig *some = kconfig_new(false), *all = kconfig_new(true);

	(void)state;
	assert_int_equal(kconfig_add(some, "CONFIG_B", "\"x \\\"y\\\"\""), 0);
	assert_int_equal(kconfig_add(some, "CONFIG_A", "m"), 0);
	assert_int_equal(kconfig_add(some, "CONFIG_A", "y"), 0);
	assert_int_equal(kconfig_add(some, "CONFIG_C", NULL), 0);
	assert_int_equal(kconfig_add(some, "config", "y"), -EBADMSG);
	assert_int_equal(kconfig_add(some, "CONFIG_D", "y\nCONFIG_E=y"), -EBADMSG);
	assert_int_equal(kconfig_find(some, "CONFIG_A").state, KCONFIG_BUILT_IN);
	assert_string_equal(kconfig_find(some, "CONFIG_B").value, "x \"y\"");
	assert_int_equal(kconfig_find(some, "CONFIG_C").state, KCONFIG_ABSENT);
	assert_int_equal(kconfig_find(some, "CONFIG_C").set.truth, TRUTH_NO);
	assert_int_equal(kconfig_find(some, "CONFIG_D").state, KCONFIG_UNKNOWN);
	assert_int_equal(kconfig_find(all, "CONFIG_D").state, KCONFIG_ABSENT);
	kconfig_free(some);
	kconfig_free(all);
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

struct place {
	const char *path, *content;
	bool gzip;
};

/* A root with one file at each of these places. */
static struct fake_root root_with(const struct place *places, size_t count)
{
	struct fake_root root = fake_root_make();
	uint8_t packed[4096];
	size_t i, size;

	for (i = 0; i < count; i++) {
		const void *data = places[i].content;

		size = strlen(places[i].content);
		if (places[i].gzip) {
			size = gzip(data, size, packed, sizeof(packed));
			data = packed;
		}
		fake_root_put(&root, places[i].path, data, size);
	}
	return root;
}

#define CHECKSUM "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

/* Each place alone is found; the later ones yield to the earlier, and a damaged one to all. */
static void places(void **state)
{
	static const struct place PLACES[] = {
		{ "proc/config.gz", "CONFIG_N=0\n", true },
		{ "boot/config-5.14.0-70", "CONFIG_N=1\n", false },
		{ "usr/lib/modules/5.14.0-70/config", "CONFIG_N=2\n", false },
		{ "lib/modules/5.14.0-70/config", "CONFIG_N=3\n", false },
		{ "usr/lib/kernel/config-5.14.0-70", "CONFIG_N=4\n", false },
		{ "usr/lib/ostree-boot/config-5.14.0-70", "CONFIG_N=5\n", false },
		{ "lib/modules/5.14.0-70/build/.config", "CONFIG_N=6\n", false },
		{ "usr/src/linux-headers-5.14.0-70/.config", "CONFIG_N=7\n", true },
		{ "usr/src/kernels/5.14.0-70/.config", "CONFIG_N=8\n", false },
		{ "usr/src/linux-5.14.0-70/.config", "CONFIG_N=9\n", false },
		{ "usr/lib/ostree-boot/config-5.14.0-70-" CHECKSUM, "CONFIG_N=10\n", false },
	};
	enum { COUNT = sizeof(PLACES) / sizeof(PLACES[0]) };
	char path[256], number[8];
	struct fake_root root;
	struct kconfig *kconfig;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT; i++) {
		root = root_with(PLACES + i, COUNT - i);
		assert_int_equal(kconfig_read(root.fd, "5.14.0-70", true, path, sizeof(path), &kconfig),
				 0);
		assert_string_equal(path + 1, PLACES[i].path);
		snprintf(number, sizeof(number), "%zu", i);
		assert_string_equal(kconfig_find(kconfig, "CONFIG_N").value, number);
		kconfig_free(kconfig);
		/* Another kernel's, and none of the running one's. */
		assert_int_equal(kconfig_read(root.fd, "5.14.0-7", false, path, sizeof(path), &kconfig),
				 -ENOENT);
		assert_string_equal(path, "");
		fake_root_remove(&root);
	}
}

static void damaged_places(void **state)
{
	static const struct place PLACES[] = {
		{ "proc/config.gz", "\x1f\x8b no more of it", false },
		{ "boot/config-6.1.0", "", false },
		{ "usr/src/linux-6.1.0/.config", "CONFIG_N=9\n", false },
	};
	struct fake_root root = root_with(PLACES, 3);
	struct kconfig *kconfig;
	char path[256];

	(void)state;
	assert_int_equal(kconfig_read(root.fd, "6.1.0", true, path, sizeof(path), &kconfig), 0);
	assert_string_equal(path, "/usr/src/linux-6.1.0/.config");
	kconfig_free(kconfig);
	fake_root_remove(&root);

	/* Where no other is left, the first that is damaged is named. */
	root = root_with(PLACES, 2);
	assert_int_equal(kconfig_read(root.fd, "6.1.0", true, path, sizeof(path), &kconfig), -EBADMSG);
	assert_string_equal(path, "/proc/config.gz");
	assert_null(kconfig);
	assert_int_equal(kconfig_read(root.fd, "6.1.0", false, path, sizeof(path), &kconfig), -EBADMSG);
	assert_string_equal(path, "/boot/config-6.1.0");
	/* A folder is there, and no file. */
	assert_int_equal(unlinkat(root.fd, "boot/config-6.1.0", 0), 0);
	assert_int_equal(mkdirat(root.fd, "boot/config-6.1.0", 0755), 0);
	assert_int_equal(kconfig_read(root.fd, "6.1.0", false, path, sizeof(path), &kconfig), -EISDIR);
	fake_root_remove(&root);
}

static void named_file(void **state)
{
	static const struct place PLACES[] = {
		{ "etc/plain", "CONFIG_N=1\n", false },
		{ "etc/packed", "CONFIG_N=2\n", true },
		{ "etc/text", "no configuration\n", false },
	};
	struct fake_root root = root_with(PLACES, 3);
	struct kconfig *kconfig;

	(void)state;
	assert_int_equal(kconfig_read_file(root.fd, "etc/plain", &kconfig), 0);
	assert_string_equal(kconfig_find(kconfig, "CONFIG_N").value, "1");
	kconfig_free(kconfig);
	assert_int_equal(kconfig_read_file(root.fd, "etc/packed", &kconfig), 0);
	assert_string_equal(kconfig_find(kconfig, "CONFIG_N").value, "2");
	kconfig_free(kconfig);
	assert_int_equal(kconfig_read_file(root.fd, "etc/text", &kconfig), -EBADMSG);
	assert_int_equal(kconfig_read_file(root.fd, "etc/absent", &kconfig), -ENOENT);
	assert_int_equal(kconfig_read_file(root.fd, "etc", &kconfig), -EISDIR);
	assert_null(kconfig);
	fake_root_remove(&root);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(options),
		cmocka_unit_test(no_configuration),
		cmocka_unit_test(recorded),
		cmocka_unit_test(gunzip),
		cmocka_unit_test(places),
		cmocka_unit_test(damaged_places),
		cmocka_unit_test(named_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
