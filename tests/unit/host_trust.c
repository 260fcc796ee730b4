/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Keys and policy of a host: what is there is read, what is wrong is told, what is unsafe refused.
 */
#include <errno.h>

#include "tests/unit/fake_root.h"

#include "host/trust.h"

#define KEY "untrusted comment: minisign public key 706050403020100\n" \
	"RWQAAQIDBAUGB4yfdDxKU8tRMK2jFpFNnoD5M3oXVhWJd2m8F4PnZxQk\n"
#define KEYS "etc/btferry/trusted.d/"
#define CONF "etc/btferry/btferry.conf"

static struct error err;

static int read_at(const struct fake_root *root, struct trust *trust)
{
	err = ERROR_NONE;
	return trust_read(root->path, trust, &err);
}

static void expect(const struct fake_root *root, int code, const char *text)
{
	struct trust trust;

	assert_int_equal(read_at(root, &trust), code);
	if (!strstr(err.text, text))
		fail_msg("`%s` lacks `%s`", err.text, text);
	trust_free(&trust);
}

static void nothing_there_is_prefer_without_keys(void **state)
{
	struct fake_root root = fake_root_make();
	struct trust trust;

	(void)state;
	assert_int_equal(read_at(&root, &trust), 0);
	assert_int_equal(trust.policy, TRUST_PREFER);
	assert_int_equal(trust.count, 0);
	trust_free(&trust);
	fake_root_remove(&root);
}

static void keys_and_policy_are_read(void **state)
{
	static const uint8_t id[] = { 0, 1, 2, 3, 4, 5, 6, 7 };
	struct fake_root root = fake_root_make();
	struct trust trust;
	char text[MINISIGN_ID_TEXT], path[128];

	(void)state;
	fake_root_text(&root, CONF, "# of the site\n[trust]\npolicy = require\n");
	fake_root_text(&root, KEYS "vendor.pub", KEY);
	fake_root_text(&root, KEYS "README", "not a key, and not called one\n");
	assert_int_equal(read_at(&root, &trust), 0);
	assert_int_equal(trust.policy, TRUST_REQUIRE);
	assert_int_equal(trust.count, 1);
	assert_non_null(trust_find(&trust, id));
	assert_string_equal(minisign_id_text(trust.keys[0].key.id, text), "706050403020100");
	snprintf(path, sizeof(path), "%s/" KEYS "vendor.pub", root.path);
	assert_string_equal(trust.keys[0].path, path);
	trust_free(&trust);
	fake_root_text(&root, CONF, "[trust]\npolicy = off\n");
	assert_int_equal(read_at(&root, &trust), 0);
	assert_int_equal(trust.policy, TRUST_OFF);
	trust_free(&trust);
	fake_root_remove(&root);
}

static void what_is_wrong_is_told(void **state)
{
	struct fake_root root = fake_root_make();

	(void)state;
	fake_root_text(&root, CONF, "[trust]\npolicy = always\n");
	expect(&root, -EBADMSG, "line 2: policy = always: is not require, prefer or off");
	fake_root_text(&root, CONF, "[trust]\nkeys = x\n");
	expect(&root, -EBADMSG, "line 2: key keys is not known");
	fake_root_text(&root, CONF, "[trusted]\n");
	expect(&root, -EBADMSG, "section [trusted] is not known");
	fake_root_text(&root, CONF, "[trust]\npolicy = prefer\n");
	fake_root_text(&root, CONF, "[trust]\npolicy = require\npolicy = off\n");
	expect(&root, -EBADMSG, "line 3: policy is set twice");
	fake_root_text(&root, CONF, "[trust]\npolicy = require\n[trust]\npolicy = prefer\n");
	expect(&root, -EBADMSG, "line 4: policy is set twice");
	/* Cut short, or not there where it is meant to be: no reason to trust everybody. */
	fake_root_text(&root, CONF, "");
	expect(&root, -EBADMSG, "btferry.conf: says no policy");
	fake_root_link(&root, CONF, "elsewhere.conf");
	expect(&root, -EBADMSG, "btferry.conf: leads to no file");
	assert_int_equal(unlinkat(root.fd, CONF, 0), 0);
	assert_int_equal(mkfifoat(root.fd, CONF, 0644), 0);
	expect(&root, -EBADMSG, "btferry.conf: is no regular file");
	assert_int_equal(unlinkat(root.fd, CONF, 0), 0);
	fake_root_text(&root, CONF, "[trust]\npolicy = prefer\n");
	fake_root_text(&root, KEYS "one.pub", KEY);
	fake_root_text(&root, KEYS "two.pub", KEY);
	expect(&root, -EBADMSG, "has the identity of");
	assert_int_equal(unlinkat(root.fd, KEYS "one.pub", 0), 0);
	assert_int_equal(unlinkat(root.fd, KEYS "two.pub", 0), 0);
	fake_root_text(&root, KEYS "broken.pub", "untrusted comment: x\nAAAA\n");
	expect(&root, -EBADMSG, "broken.pub: is no public key of minisign");
	fake_root_link(&root, KEYS "broken.pub", "nowhere.pub");
	expect(&root, -EBADMSG, "broken.pub: leads to no file");
	fake_root_remove(&root);
}

static void a_folder_that_leads_nowhere_is_told(void **state)
{
	struct fake_root root = fake_root_make();

	(void)state;
	fake_root_link(&root, "etc/btferry", "nowhere");
	expect(&root, -EBADMSG, "etc/btferry: leads to no file");
	fake_root_remove(&root);
}

static void what_others_can_change_is_refused(void **state)
{
	static const char *const places[] = { "etc/btferry", "etc/btferry/trusted.d", CONF,
					      KEYS "vendor.pub" };
	struct fake_root root = fake_root_make();
	struct stat st;
	size_t i;

	(void)state;
	fake_root_text(&root, CONF, "[trust]\npolicy = prefer\n");
	fake_root_text(&root, KEYS "vendor.pub", KEY);
	for (i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		assert_int_equal(fstatat(root.fd, places[i], &st, 0), 0);
		assert_int_equal(fchmodat(root.fd, places[i], st.st_mode | 020, 0), 0);
		expect(&root, -EPERM, "others can write to it");
		assert_int_equal(fchmodat(root.fd, places[i], st.st_mode, 0), 0);
		if (geteuid() != 0)
			continue;
		assert_int_equal(fchownat(root.fd, places[i], 12345, 0, 0), 0);
		expect(&root, -EPERM, "belongs to user 12345");
		assert_int_equal(fchownat(root.fd, places[i], 0, 0, 0), 0);
	}
	expect(&root, 0, "");
	fake_root_remove(&root);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_there_is_prefer_without_keys),
		cmocka_unit_test(keys_and_policy_are_read),
		cmocka_unit_test(what_is_wrong_is_told),
		cmocka_unit_test(a_folder_that_leads_nowhere_is_told),
		cmocka_unit_test(what_others_can_change_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
