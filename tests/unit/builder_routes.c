/* SPDX-License-Identifier: BSD-2-Clause */
/* The other routes, which are comments: archives, debug information, a container; and the JSON. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>

#include "tests/unit/instructions.h"
#include "tests/unit/schema.h"

#define DEBIAN_12 "#1 SMP PREEMPT_DYNAMIC Debian 6.1.192-2 (2026-11-16)"
#define CENTOS "centos", "7", "rhel fedora"

static const struct {
	struct subject subject;
	const char *says;
} ARCHIVES[] = {
	{ { "debian", "12", "", "6.1.0-56-cloud-amd64", DEBIAN_12, 0 },
	  "#     debsnap -d headers -a \"$(dpkg --print-architecture)\" "
	  "linux-headers-6.1.0-56-cloud-amd64 6.1.192-2\n"
	  "#     debsnap -f -d headers -a all linux-headers-6.1.0-56-common 6.1.192-2\n"
	  "#     apt-get install -y --no-install-recommends ./headers/*.deb clang llvm\n"
	  "#     app build\n" },
	{ { "debian", "12", "", "6.1.0-56-rt-amd64", DEBIAN_12, 0 },
	  " linux-headers-6.1.0-56-common-rt 6.1.192-2\n" },
	{ { "debian", "12", "", "6.1.0-56-686-pae", DEBIAN_12, 0 },
	  " linux-headers-6.1.0-56-common 6.1.192-2\n" },
	{ { "debian", "12", "", "6.12.117+deb12-686-pae", "#1 SMP Debian 6.12.117-1 (2026-10-02)", 0 },
	  " linux-headers-6.12.117+deb12-common 6.12.117-1\n" },
	{ { "debian", "11", "", "6.1.0-0.deb11.21-amd64", "#1 SMP Debian 6.1.90-1~bpo11+1 (x)", 0 },
	  " linux-headers-6.1.0-0.deb11.21-common 6.1.90-1~bpo11+1\n" },
	{ { "debian", "12", "", "6.6.31+rpt-rpi-v8", "#1 SMP PREEMPT Debian 1:6.6.31-1+rpt1 (x)",
	    "aarch64" }, "archive.raspberrypi.com" },
	{ { "ubuntu", "22.04", "debian", "5.15.0-119-generic", "#129-Ubuntu SMP Fri Aug 2", 0 },
	  "#     pull-lp-debs linux-headers-5.15.0-119-generic 5.15.0-119.129\n"
	  "#     pull-lp-debs linux-headers-5.15.0-119 5.15.0-119.129\n" },
	{ { "ubuntu", "20.04", "debian", "5.15.0-119-generic", "#129~20.04.1-Ubuntu SMP", 0 },
	  "pull-lp-debs linux-hwe-5.15-headers-5.15.0-119 5.15.0-119.129~20.04.1\n" },
	{ { "ubuntu", "22.04", "debian", "6.2.0-1012-aws", "#12~22.04.1-Ubuntu SMP", 0 },
	  "pull-lp-debs linux-aws-6.2-headers-6.2.0-1012 6.2.0-1012.12~22.04.1\n" },
	{ { "ubuntu", "24.04", "debian", "6.8.0-1009-azure", "#9-Ubuntu SMP", 0 },
	  "pull-lp-debs linux-azure-headers-6.8.0-1009 6.8.0-1009.9\n" },
	{ { "fedora", "40", "", "6.9.12-200.fc40.x86_64", 0, 0 },
	  "dnf install -y fedora-repos-archive\n" },
	{ { CENTOS, "3.10.0-1160.119.1.el7.x86_64", 0, 0 }, "yum install -y https://vault.centos.org"
	  "/7.9.2009/updates/x86_64/Packages/kernel-devel-3.10.0-1160.119.1.el7.x86_64.rpm\n" },
	{ { CENTOS, "3.10.0-957.el7.aarch64", 0, "aarch64" }, "https://vault.centos.org/altarch"
	  "/7.6.1810/os/aarch64/Packages/kernel-devel-3.10.0-957.el7.aarch64.rpm\n" },
	{ { "centos", "8", "rhel fedora", "4.18.0-348.7.1.el8_5.x86_64", 0, 0 },
	  "https://vault.centos.org/8.5.2111/BaseOS/x86_64/os/Packages/kernel-devel-"
	  "4.18.0-348.7.1.el8_5.x86_64.rpm clang llvm\n" },
	{ { "centos", "8", "rhel fedora", "4.18.0-553.el8.x86_64", 0, 0 },
	  "https://vault.centos.org/8-stream/BaseOS/x86_64/os/Packages/kernel-devel-" },
	{ { "centos", "9", "rhel fedora", "5.14.0-522.el9.x86_64", 0, 0 },
	  "https://kojihub.stream.centos.org/kojifiles/packages/kernel/5.14.0/522.el9/x86_64/"
	  "kernel-devel-5.14.0-522.el9.x86_64.rpm clang llvm\n" },
	{ { "almalinux", "8.10", "rhel", "4.18.0-513.5.1.el8_9.x86_64", 0, 0 },
	  "https://vault.almalinux.org/8.9/BaseOS/x86_64/os/Packages/kernel-devel-4.18.0-513.5.1.el8_9" },
	{ { "rocky", "9.4", "rhel", "5.14.0-362.8.1.el9_3.x86_64", 0, 0 },
	  "https://download.rockylinux.org/vault/rocky/9.3/AppStream/x86_64/os/Packages/k/kernel-devel-" },
	{ { "rhel", "9.4", "fedora", "5.14.0-427.31.1.el9_4.x86_64", 0, 0 },
	  "subscription-manager release --unset\n" },
	{ { "ol", "8.10", "fedora", "5.4.17-2136.333.5.el8uek.x86_64", 0, 0 },
	  "dnf install -y --enablerepo='ol*_UEKR*' kernel-uek-devel-5.4.17-2136.333.5.el8uek.x86_64" },
	{ { "amzn", "2", "centos rhel fedora", "5.10.224-212.876.amzn2.x86_64", 0, 0 },
	  "#     amazon-linux-extras enable kernel-5.10\n" },
	{ { "amzn", "2023", "fedora", "6.1.106-116.188.amzn2023.x86_64", 0, 0 },
	  "dnf install -y --releasever=latest kernel-devel-6.1.106-116.188.amzn2023.x86_64" },
	{ { "arch", "", "", "6.11.1-zen1-1-zen", 0, 0 }, "pacman -U --noconfirm "
	  "https://archive.archlinux.org/packages/l/linux-zen-headers/"
	  "linux-zen-headers-6.11.1.zen1-1-x86_64.pkg.tar.zst\n" },
	{ { "arch", "", "", "6.11.1-arch1-1", 0, 0 }, "linux-headers-6.11.1.arch1-1-x86_64" },
};

static void archives(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(ARCHIVES) / sizeof(ARCHIVES[0]); i++)
		expect_part(instructions_write, &ARCHIVES[i].subject, ARCHIVES[i].says);
}

static const struct {
	struct subject subject;
	const char *says;
} DEBUG[] = {
	{ { "debian", "12", "", "6.1.0-56-cloud-amd64", 0, 0 },
	  "#     apt-get install -y linux-image-6.1.0-56-cloud-amd64-dbg dwarves\n#     app build\n" },
	{ { "ubuntu", "22.04", "debian", "5.15.0-119-generic", 0, 0 },
	  "#     apt-get install -y linux-image-5.15.0-119-generic-dbgsym dwarves\n" },
	{ { "rocky", "8.9", "rhel", "4.18.0-348.el8.x86_64", 0, 0 }, "#     dnf install -y "
	  "--enablerepo='*debug*,powertools' kernel-debuginfo-4.18.0-348.el8.x86_64 dwarves\n" },
	{ { "rhel", "9.4", "fedora", "5.14.0-427.31.1.el9_4.x86_64", 0, 0 }, "--enablerepo="
	  "'*debug*,codeready-builder-for-rhel-9-*-rpms' kernel-debuginfo-5.14.0-427.31.1.el9_4" },
	{ { "fedora", "43", "", "6.17.1-300.fc43.x86_64+debug", 0, 0 }, "#     dnf install -y "
	  "--enablerepo='*debug*' kernel-debug-debuginfo-6.17.1-300.fc43.x86_64 dwarves\n" },
	{ { "ol", "8.4", "fedora", "5.4.17-2136.el8uek.x86_64", 0, 0 },
	  "https://oss.oracle.com/ol8/debuginfo/"
	  "kernel-uek-debuginfo-common-5.4.17-2136.el8uek.x86_64.rpm" },
	{ { "ol", "8.4", "fedora", "4.18.0-348.el8.x86_64", 0, 0 }, "https://oss.oracle.com/ol8/"
	  "debuginfo/kernel-debuginfo-common-x86_64-4.18.0-348.el8.x86_64.rpm" },
	{ { "opensuse-leap", "15.6", "suse opensuse", "6.4.0-150600.23.17-default", 0, 0 },
	  "--plus-content debug install \"kernel-default-debuginfo=$(rpm -qf" },
};

static void debug_information(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(DEBUG) / sizeof(DEBUG[0]); i++)
		expect_part(instructions_write, &DEBUG[i].subject, DEBUG[i].says);
}

/* Somebody who is not root, and a kernel that does not run. */
static void as_a_user(void **state)
{
	static const struct subject DEBIAN = { "debian", "12", "", "6.1.0-56-amd64", "", 0 };
	static const struct subject ALPINE = { "alpine", "3.20.3", "", "6.6.49-0-lts", "", 0 };
	struct made made;
	char *text;

	(void)state;
	make_request(&DEBIAN, &made);
	made.request.is_root = made.request.is_running = false;
	text = written(instructions_write, &made.request);
	assert_non_null(strstr(text, "\nsudo apt-get install -y --no-install-recommends linux-headers-"));
	assert_non_null(strstr(text, "\nsudo app build --kernel 6.1.0-56-amd64\n"));
	assert_non_null(strstr(text, "#     app build --print --container --kernel 6.1.0-56-amd64 >"));
	free(text);
	make_request(&ALPINE, &made);
	made.request.is_root = false;
	text = written(instructions_write, &made.request);
	assert_non_null(strstr(text, "\ndoas apk add linux-lts-dev=6.6.49-r0"));
	free(text);
}

/* What comes with the commands. */
static void remarks(void **state)
{
	static const struct subject TRIXIE = { "debian", "13", "", "6.12.117+deb13-amd64", 0, 0 };
	static const struct subject MINT = { "linuxmint", "21", "ubuntu debian", "5.15.0-1-x", 0, 0 };
	static const struct subject AGENT = { "alpine", "3.19.1", "", "5.14.0-4.el9_4.x86_64", 0, 0 };
	static const struct subject SLES = { "sles", "15.5", "suse", "5.14.21-150500.55.7-default", 0, 0 };
	static const struct subject EL7 = { CENTOS, "3.10.0-1160.el7.x86_64", 0, 0 };
	static const struct subject COREOS = { "fedora", "40", "", "6.9.12-200.fc40.x86_64", 0, 0 };
	struct made made;
	char *text;

	(void)state;
	expect_part(instructions_write, &TRIXIE, "depend on the kernel: where it is not");
	expect_part(instructions_write, &MINT, "linuxmint, by its ID_LIKE like Ubuntu.");
	expect_part(instructions_write, &AGENT, "the kernel says that it is of Red Hat");
	expect_part(instructions_write, &SLES, "sle-module-development-tools/15.5/x86_64");
	expect_part(instructions_write, &EL7, "older than clang 10");
	make_request(&COREOS, &made);
	made.request.is_image = true;
	text = written(instructions_write, &made.request);
	assert_non_null(strstr(text, "\napp build --print --container >Containerfile\n"));
	assert_null(strstr(text, "\ndnf"));
	free(text);
}

static const struct {
	struct subject subject;
	const char *says;
} CONTAINERS[] = {
	{ { "debian", "12", "", "6.1.0-56-cloud-arm64", "", "aarch64" },
	  "FROM docker.io/library/debian:12\n"
	  "RUN apt-get update && apt-get install -y --no-install-recommends "
	  "linux-headers-6.1.0-56-cloud-arm64 clang llvm\n"
	  "COPY app.run /usr/local/bin/app\n"
	  "RUN chmod 755 /usr/local/bin/app && \\\n"
	  "    app build --kernel 6.1.0-56-cloud-arm64 --headers "
	  "/usr/src/linux-headers-6.1.0-56-cloud-arm64 --out /app.bpf.o\n"
	  "CMD [\"cat\", \"/app.bpf.o\"]\n" },
	{ { "debian", "12", "", "6.1.0-56-cloud-arm64", "", "aarch64" },
	  "#     podman build --platform linux/arm64 -t app-build -f Containerfile .\n"
	  "#     podman run --rm app-build >app-6.1.0-56-cloud-arm64.bpf.o\n" },
	{ { "debian", "12", "", "6.1.0-56-cloud-arm64", "", "aarch64" },
	  "#     app install --object app-6.1.0-56-cloud-arm64.bpf.o\n" },
	{ { "ubuntu", "22.04", "debian", "5.15.0-119-generic", "", 0 },
	  "FROM docker.io/library/ubuntu:22.04\n" },
	{ { "fedora", "40", "", "6.9.12-200.fc40.x86_64", "", 0 },
	  "FROM registry.fedoraproject.org/fedora:40\n"
	  "RUN dnf install -y kernel-devel-6.9.12-200.fc40.x86_64 clang llvm\n" },
	{ { "almalinux", "8.10", "rhel", "4.18.0-553.16.1.el8_10.x86_64", "", 0 },
	  "FROM docker.io/library/almalinux:8\n" },
	{ { "alpine", "3.20.3", "", "6.6.49-0-lts", "", 0 }, "FROM docker.io/library/alpine:3.20\n"
	  "RUN apk update && apk add linux-lts-dev=6.6.49-r0 clang llvm\n" },
	/* Too old a compiler, no image, no package: the headers are carried there. */
	{ { CENTOS, "3.10.0-1160.el7.x86_64", "", 0 },
	  "FROM docker.io/library/debian:12\n"
	  "RUN apt-get update && apt-get install -y --no-install-recommends clang llvm\n"
	  "ADD headers.tar.gz /\n" },
	{ { CENTOS, "3.10.0-1160.el7.x86_64", "", 0 },
	  "#     tar -czf headers.tar.gz -C / usr/src/kernels/3.10.0-1160.el7.x86_64\n" },
	{ { "opensuse-leap", "15.6", "suse", "6.4.0-150600.23.17-default", "", 0 },
	  " --headers /usr/src/linux-6.4.0-150600.23.17-obj/x86_64/default --out " },
	{ { "gentoo", "", "", "6.6.54-gentoo", "", 0 }, " --headers /linux --out /app.bpf.o\n" },
};

static void containers(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(CONTAINERS) / sizeof(CONTAINERS[0]); i++)
		expect_part(instructions_write_container, &CONTAINERS[i].subject, CONTAINERS[i].says);
}

static const char *command_of(const json_t *document, size_t route, size_t step, size_t command)
{
	json_t *steps = json_object_get(json_array_get(json_object_get(document, "ways"), route), "steps");
	json_t *commands = json_object_get(json_array_get(steps, step), "commands");

	return json_string_value(json_array_get(commands, command));
}

static void as_json(void **state)
{
	static const struct subject DEBIAN = { "debian", "12", "", "6.1.0-56-cloud-amd64", DEBIAN_12, 0 };
	static const struct subject UNKNOWN = { "", "", "", "6.6.66", "", 0 };
	struct error err = ERROR_NONE;
	const char *known_by = NULL;
	struct misfit misfit;
	struct made made;
	json_t *document;

	(void)state;
	make_request(&DEBIAN, &made);
	document = instructions_json(&made.request, &err);
	assert_non_null(document);
	if (!schema_accepts("docs/schema/instructions.json", document, &misfit))
		fail_msg("%s", misfit.text);
	assert_int_equal(json_array_size(json_object_get(document, "ways")), 4);
	assert_string_equal(command_of(document, 0, 0, 1),
			    "apt-get install -y --no-install-recommends "
			    "linux-headers-6.1.0-56-cloud-amd64 clang llvm");
	assert_string_equal(command_of(document, 0, 1, 0), "app build");
	json_decref(document);

	make_request(&UNKNOWN, &made);
	document = instructions_json(&made.request, &err);
	if (!schema_accepts("docs/schema/instructions.json", document, &misfit))
		fail_msg("%s", misfit.text);
	assert_int_equal(json_unpack(document, "{s:{s:s}}", "distribution", "known_by", &known_by), 0);
	assert_string_equal(known_by, "none");
	json_decref(document);
}

/* A shell would take these for more than a name. */
static void names_that_are_refused(void **state)
{
	static const char *const RELEASES[] = {
		"", "6.1 amd64", "6.1;reboot", "$(reboot)", "6.1\nreboot", "../6.1", "6.1'",
		"0123456789012345678901234567890123456789012345678901234567890123456789",
	};
	struct subject subject = { "debian", "12", "", "", "", 0 };
	struct error err = ERROR_NONE;
	struct made made;
	char *text;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(RELEASES) / sizeof(RELEASES[0]); i++) {
		subject.release = RELEASES[i];
		make_request(&subject, &made);
		assert_int_equal(instructions_write(&made.request, stderr, &err), -EINVAL);
		assert_null(instructions_json(&made.request, &err));
	}
	/* os-release and the build are another's words, too. */
	subject = (struct subject){ "ubuntu", "22.04;reboot", "", "6.1.0-5-generic",
				    "#1;reboot-Ubuntu Debian $(reboot) (", 0 };
	make_request(&subject, &made);
	snprintf(made.os.pretty_name, sizeof(made.os.pretty_name), "Ubuntu\nreboot\n");
	text = written(instructions_write, &made.request);
	assert_null(strstr(text, "\nreboot"));
	assert_null(strstr(text, "$(reboot)"));
	assert_null(strstr(text, ";reboot"));
	free(text);
	text = written(instructions_write_container, &made.request);
	assert_null(strstr(text, "reboot"));
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(archives),
		cmocka_unit_test(debug_information),
		cmocka_unit_test(as_a_user),
		cmocka_unit_test(remarks),
		cmocka_unit_test(containers),
		cmocka_unit_test(as_json),
		cmocka_unit_test(names_that_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
