/* SPDX-License-Identifier: BSD-2-Clause */
/* What lists of hosts may look like. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "btfpack/inventory.h"

/* Hosts as lines: "name|id version_id|arch release|kernel BTF". */
static int note(const struct inventory_host *host, void *context, struct error *err)
{
	static const char *const ANSWERS[] = {
		[TRUTH_UNKNOWN] = "?", [TRUTH_NO] = "no", [TRUTH_YES] = "yes",
	};
	const struct facts *facts = host->facts;
	char *text = context;
	size_t used = strlen(text);

	(void)err;
	snprintf(text + used, 1024 - used, "%s|%s %s|%s %s|%s\n", host->name, facts->os.id,
		 facts->os.version_id, facts->arch, facts->release,
		 ANSWERS[facts->kernel_has_btf.truth]);
	return 0;
}

static int parse(const char *text, char hosts[static 1024], struct error *err)
{
	hosts[0] = '\0';
	return inventory_parse(slice_of(text, strlen(text)), "list", note, hosts, err);
}

static void hosts_are_read(void **state)
{
	static const struct {
		const char *text, *hosts;
	} CASES[] = {
		{ "arch,release\nx86_64,6.1\n", "list:2| |x86_64 6.1|?\n" },
		/* Lines as RFC 4180 has them, quotes, an end without a line's end, names in capitals. */
		{ "HOST,Arch,Release\r\n\"a,\"\"b\"\"\",x86_64,\"6.1\"\r\nc,i686,5.10",
		  "a,\"b\"| |x86_64 6.1|?\nc| |i386 5.10|?\n" },
		/* As spreadsheets save it; columns that mean nothing; machines as uname has them. */
		{ "\xef\xbb\xbf" "id,note,version_id,arch,release,btf\n"
		  "debian,\"two\nlines\",12,aarch64,6.1,Yes\n",
		  "list:2|debian 12|arm64 6.1|yes\n" },
		{ "arch,release,btf,host\nx86_64,6.1,0,a\n\nx86_64,6.1,,b\n",
		  "a| |x86_64 6.1|no\nb| |x86_64 6.1|?\n" },
		{ "[{\"host\": \"a\", \"id\": \"ol\", \"version_id\": \"8\", \"arch\": \"x86_64\", "
		  "\"release\": \"5.4\", \"btf\": false, \"racks\": [1]}]", "a|ol 8|x86_64 5.4|no\n" },
		{ " {\"arch\": \"x86_64\", \"release\": \"1\"}\n{\"arch\": \"arm64\", \"release\": \"2\", "
		  "\"btf\": null, \"host\": null}\n", "list:1| |x86_64 1|?\nlist:2| |arm64 2|?\n" },
		{ "[]", "" },
		{ "arch,release\n", "" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		struct error err = ERROR_NONE;
		char hosts[1024];

		if (parse(CASES[i].text, hosts, &err))
			fail_msg("%s: %s", CASES[i].text, err.text);
		assert_string_equal(hosts, CASES[i].hosts);
	}
}

static void what_is_none_is_refused(void **state)
{
	static const struct {
		const char *text, *problem;
	} CASES[] = {
		{ "", "list: is empty" },
		{ "x86_64,6.1\n", "list: is no inventory" },
		{ "arch,release\nx86_64,\n", "list: row 2: has no release" },
		{ "arch,release\nx86_64,1\nx86_64,1,2\n", "list: row 3: has more fields than the header" },
		{ "arch,release\nx86_64,\"1\n", "list: row 2: is no CSV" },
		{ "arch,release,btf\nx86_64,1,perhaps\n", "list: row 2: btf is neither yes nor no: perhaps" },
		{ "{\"arch\": \"x86_64\"}", "list: host 1: has no release" },
		{ "[1]", "list: host 1: is no JSON object" },
		{ "{\"arch\": \"x86_64\", \"release\": 6}", "list: host 1: is no string: release" },
		{ "{\"arch\": \"a\", \"arch\": \"b\", \"release\": \"6\"}", "list: is no JSON" },
		{ "{\"schema\": 99, \"release\": \"6\"}", "list: host 1: schema: is 99" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		struct error err = ERROR_NONE;
		char hosts[1024];

		assert_int_not_equal(parse(CASES[i].text, hosts, &err), 0);
		if (strncmp(err.text, CASES[i].problem, strlen(CASES[i].problem)) != 0)
			fail_msg("%s: %s", CASES[i].text, err.text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hosts_are_read),
		cmocka_unit_test(what_is_none_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
