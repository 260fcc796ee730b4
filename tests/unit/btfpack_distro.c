/* SPDX-License-Identifier: BSD-2-Clause */
/* Which distribution a package's kernel is for, and which paths in a package are a kernel's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "btfpack/package.h"

struct distro_case {
	const char *maker, *version, *release, *id, *version_id;
};

static void knows_packages_of_debian_and_ubuntu(void **state)
{
	static const char debian[] = "Debian Kernel Team <debian-kernel@lists.debian.org>";
	static const char ubuntu[] = "Ubuntu Kernel Team <kernel-team@lists.ubuntu.com>";
	static const struct distro_case cases[] = {
		{ debian, "5.10.262-1", "5.10.0-46-cloud-amd64", "debian", "11" },
		{ debian, "6.1.180-1~deb11u1", "6.1.0-0.deb11.52-amd64", "debian", "11" },
		{ debian, "6.1.190-1", "6.1.0-54-cloud-amd64", "debian", "12" },
		{ debian, "6.12.43-1~bpo12+1", "6.12.43+deb12-cloud-arm64", "debian", "12" },
		{ debian, "6.12.117-1", "6.12.117+deb13-cloud-amd64", "debian", "13" },
		{ debian, "6.12.9-1~bpo12+1", "6.12.9-amd64", "debian", "12" },
		{ debian, "6.12.38-1", "6.12.38-amd64", "debian", "13" },
		{ debian, "7.3.4-1~bpo13+1", "7.3.4+deb13-cloud-amd64", "debian", "13" },
		{ debian, "7.2.13-1", "7.2.13+deb14-cloud-amd64", "debian", "sid" },
		{ debian, "6.10.1-1", "6.10.1-amd64", "debian", "sid" },
		{ ubuntu, "5.4.0-42.46", "5.4.0-42-generic", "ubuntu", "20.04" },
		{ ubuntu, "5.4.0-42.46~18.04.1", "5.4.0-42-generic", "ubuntu", "18.04" },
		{ ubuntu, "4.15.0-1077.87", "4.15.0-1077-azure", "ubuntu", "18.04" },
		{ ubuntu, "5.8.0-1.1", "5.8.0-1-generic", "ubuntu", "" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct distro found = distro_of_deb(cases[i].maker, cases[i].version, cases[i].release);

		assert_string_equal(found.id, cases[i].id);
		assert_string_equal(found.version_id, cases[i].version_id);
	}
}

static void knows_packages_of_rpm(void **state)
{
	static const struct distro_case cases[] = {
		{ "Red Hat, Inc.", "", "4.18.0-348.el8.x86_64", "rhel", "8" },
		{ "CentOS", "", "3.10.0-1160.el7.x86_64", "centos", "7" },
		{ "CentOS", "", "4.14.0-115.el7a.0.1.aarch64", "centos", "7" },
		{ "AlmaLinux", "", "4.18.0-477.27.1.el8_8.x86_64", "almalinux", "8" },
		{ "Rocky Enterprise Software Foundation", "", "5.14.0-427.el9.x86_64", "rocky", "9" },
		{ "Oracle America", "", "3.10.0-1160.el7.x86_64", "ol", "7" },
		{ "Oracle America", "", "4.14.35-1902.0.18.el7uek.x86_64", "ol", "7" },
		{ "", "", "5.4.17-2136.300.7.el8uek.aarch64", "ol", "8" },
		{ "The ELRepo Project (http://elrepo.org)", "", "6.9.7-1.el8.elrepo.x86_64", "rhel", "8" },
		{ "Fedora Project", "", "6.8.5-301.fc40.x86_64", "fedora", "40" },
		{ "Amazon Linux", "", "5.10.184-175.731.amzn2.x86_64", "amzn", "2" },
		{ "Amazon Linux", "", "6.1.34-56.100.amzn2023.aarch64", "amzn", "2023" },
		{ "Amazon.com", "", "4.14.128-87.105.amzn1.x86_64", "amzn", "2018.03" },
		{ "Microsoft Corporation", "", "5.15.176.3-3.cm2", "mariner", "2.0" },
		{ "SUSE LLC <https://www.suse.com/>", "", "5.14.21-150400.24.63-default", "sles", "15.4" },
		{ "SUSE LLC <https://www.suse.com/>", "", "4.4.103-6.33-default", "sles", "" },
		{ "openSUSE", "", "6.4.0-150600.21-default", "opensuse-leap", "15.6" },
		{ "somebody", "", "6.6.1", "", "" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct distro found = distro_of_rpm(cases[i].maker, cases[i].release);

		assert_string_equal(found.id, cases[i].id);
		assert_string_equal(found.version_id, cases[i].version_id);
	}
}

static void knows_kernels_by_their_build(void **state)
{
	struct distro found;

	(void)state;
	found = distro_of_build("#1 SMP Debian 6.1.190-1 (2026-10-16)", "6.1.0-54-amd64");
	assert_string_equal(found.id, "debian");
	assert_string_equal(found.version_id, "12");
	found = distro_of_build("#46~18.04.1-Ubuntu SMP Fri Jul 10 07:21:24 UTC 2020", "5.4.0-42-generic");
	assert_string_equal(found.id, "ubuntu");
	assert_string_equal(found.version_id, "18.04");
	found = distro_of_build("#46-Ubuntu SMP Fri Jul 10 00:24:02 UTC 2020", "5.4.0-42-generic");
	assert_string_equal(found.version_id, "20.04");
	found = distro_of_build("#1 SMP Tue Aug 25 17:23:54 UTC 2020", "4.18.0-348.el8.x86_64");
	assert_string_equal(found.id, "");
}

static void knows_where_packages_have_kernels(void **state)
{
	static const struct {
		const char *path, *release;
	} cases[] = {
		{ "./boot/vmlinuz-6.1.0-54-amd64", "6.1.0-54-amd64" },
		{ "./usr/lib/modules/7.2.13+deb14-arm64/vmlinuz", "7.2.13+deb14-arm64" },
		{ "./lib/modules/4.18.0-348.el8.x86_64/vmlinuz", "4.18.0-348.el8.x86_64" },
		{ "./usr/lib/debug/boot/vmlinux-5.4.0-42-generic", "5.4.0-42-generic" },
		{ "/usr/lib/debug/lib/modules/R/vmlinux", "R" },
		{ "./usr/lib/debug/usr/lib/modules/R/vmlinux.debug", "R" },
		{ "./usr/lib/debug/boot/vmlinux-R-default.debug", "R-default" },
		{ "./usr/lib/debug/vmlinux-R", "R" },
		{ "./boot/vmlinux-R-default.gz", "R-default" },
		{ "./boot/Image-R", "R" },
		{ "./boot/.vmlinuz-R.hmac", NULL },
		{ "./boot/System.map-R", NULL },
		{ "./lib/modules/R/kernel/fs/ext4.ko", NULL },
		{ "./lib/modules/R/vmlinuz/x", NULL },
		{ "./boot/vmlinuz-", NULL },
		{ "./boot/vmlinuz-a/b", NULL },
	};
	char release[65];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(package_image_release(cases[i].path, release), cases[i].release != NULL);
		if (cases[i].release)
			assert_string_equal(release, cases[i].release);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_packages_of_debian_and_ubuntu),
		cmocka_unit_test(knows_packages_of_rpm),
		cmocka_unit_test(knows_kernels_by_their_build),
		cmocka_unit_test(knows_where_packages_have_kernels),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
