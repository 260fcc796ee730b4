/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of decide/admission.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "decide/admission.h"

static void the_table(void **state)
{
	static const struct {
		enum trust_policy policy;
		enum signature_state signature;
		bool is_admitted;
		const char *reason;  /* part of it; "": nothing is told */
	} rows[] = {
		{ TRUST_REQUIRE, SIGNATURE_GOOD, true, "" },
		{ TRUST_REQUIRE, SIGNATURE_NONE, false, "f: is not signed, and the policy here is require" },
		{ TRUST_REQUIRE, SIGNATURE_UNKNOWN_KEY, false, "key 706050403020100, which is not in" },
		{ TRUST_REQUIRE, SIGNATURE_BAD, false, "f: its signature by k.pub does not hold" },
		{ TRUST_REQUIRE, SIGNATURE_UNSEEN, false, "" },
		{ TRUST_PREFER, SIGNATURE_GOOD, true, "" },
		{ TRUST_PREFER, SIGNATURE_NONE, true, "f: is not signed" },
		{ TRUST_PREFER, SIGNATURE_UNKNOWN_KEY, true, "the signature was not verified" },
		{ TRUST_PREFER, SIGNATURE_BAD, false, "f: its signature by k.pub does not hold" },
		{ TRUST_PREFER, SIGNATURE_UNSEEN, false, "" },
		{ TRUST_OFF, SIGNATURE_UNSEEN, true, "" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct trust trust = { .policy = rows[i].policy };
		const struct signature_facts facts = {
			.state = rows[i].signature, .id = { 0, 1, 2, 3, 4, 5, 6, 7 }, .key_path = "k.pub",
		};
		struct admission admission = admission_decide(&trust, &facts, "f");

		if (admission.is_admitted != rows[i].is_admitted ||
		    (rows[i].reason[0] ? !strstr(admission.reason, rows[i].reason)
				       : admission.reason[0] != '\0'))
			fail_msg("row %zu: %d, `%s`", i, admission.is_admitted, admission.reason);
	}
}

/* A key that is trusted no more takes what it signed with it, and so does a policy. */
static void what_is_installed_is_judged_by_today(void **state)
{
	struct trusted_key key = { .key = { .id = { 0, 1, 2, 3, 4, 5, 6, 7 } } };
	struct trust trust = { .policy = TRUST_REQUIRE, .keys = &key, .count = 1 };

	(void)state;
	assert_true(admission_again(&trust, "706050403020100", "g", "again").is_admitted);
	assert_false(admission_again(&trust, "706050403020101", "g", "again").is_admitted);
	assert_false(admission_again(&trust, NULL, "g", "again").is_admitted);
	trust.count = 0;
	assert_false(admission_again(&trust, "706050403020100", "g", "again").is_admitted);
	trust.policy = TRUST_PREFER;
	assert_true(admission_again(&trust, "706050403020100", "g", "again").is_admitted);
	assert_true(admission_again(&trust, NULL, "g", "again").is_admitted);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_table),
		cmocka_unit_test(what_is_installed_is_judged_by_today),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
