/* SPDX-License-Identifier: BSD-2-Clause */
/* os-release(5): what shells accept, and what nobody should. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "host/os_release.h"

static struct os_release parse(const char *text)
{
	struct os_release os;

	os_release_parse(slice_of(text, strlen(text)), &os);
	return os;
}

static void values(void **state)
{
	static const struct {
		const char *text, *id, *version_id;
	} CASES[] = {
		{ "ID=debian\nVERSION_ID=\"12\"\n", "debian", "12" },
		{ "ID='ol'\nVERSION_ID='8.5'", "ol", "8.5" },
		{ "VERSION_ID=\"2018.03\"\r\nID=\"amzn\"\r\n", "amzn", "2018.03" },
		{ "# ID=no\nID=arch # rolling\n", "arch", "" },
		{ "  ID=x\n", "x", "" },
		{ "ID=a\nID=b\n", "b", "" },
		{ "ID=\"a\\\"b\\$c\"\n", "a\"b$c", "" },
		{ "ID='a\\b'\n", "a\\b", "" },
		{ "ID=a\"b\"'c'\n", "abc", "" },
		{ "ID=a=b\n", "a=b", "" },
		{ "VERSION_ID=\nID=\"\"\n", "", "" },
		{ "NOT_ID=x\nID_LIKE=y\nIDX=z\n", "", "" },
		{ "ID=\"open\nVERSION_ID=1\n", "", "1" },
		{ "ID=esc\x1b[31m\nVERSION_ID=1\n", "", "1" },
		{ "", "", "" },
		{ "=\n==\nID\n", "", "" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		struct os_release os = parse(CASES[i].text);

		assert_string_equal(os.id, CASES[i].id);
		assert_string_equal(os.version_id, CASES[i].version_id);
	}
}

static void other_keys(void **state)
{
	struct os_release os = parse("ID_LIKE=\"rhel centos fedora\"\n"
				     "PRETTY_NAME=\"AlmaLinux 8.5 (Arctic Sphynx)\"\n");

	(void)state;
	assert_string_equal(os.id_like, "rhel centos fedora");
	assert_string_equal(os.pretty_name, "AlmaLinux 8.5 (Arctic Sphynx)");
}

/* A value that does not fit is passed over, not cut: a cut ID would be another ID. */
static void too_long(void **state)
{
	char text[256] = "ID=";
	struct os_release os;

	(void)state;
	memset(text + 3, 'a', 63);
	strcpy(text + 3 + 63, "\n");
	os = parse(text);
	assert_int_equal(strlen(os.id), 63);
	memset(text + 3, 'a', 64);
	strcpy(text + 3 + 64, "\nVERSION_ID=1\n");
	os = parse(text);
	assert_string_equal(os.id, "");
	assert_string_equal(os.version_id, "1");
}

static void nul_bytes(void **state)
{
	static const char text[] = "ID=a\0b\nVERSION_ID=7\n";
	struct os_release os;

	(void)state;
	os_release_parse(slice_of(text, sizeof(text) - 1), &os);
	assert_string_equal(os.id, "");
	assert_string_equal(os.version_id, "7");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values),
		cmocka_unit_test(other_keys),
		cmocka_unit_test(too_long),
		cmocka_unit_test(nul_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
