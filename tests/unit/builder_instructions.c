/* SPDX-License-Identifier: BSD-2-Clause */
/* What a shell runs of the instructions: the commands of each distribution, whole. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>

#include "host/os_release.h"
#include "tests/unit/instructions.h"

/* The lines of a script that a shell runs, in place. */
static char *only_commands(char *script)
{
	char *from = script, *to = script;

	while (*from) {
		size_t length = strcspn(from, "\n");

		length += from[length] == '\n';
		if (*from != '#' && *from != '\n') {
			memmove(to, from, length);
			to += length;
		}
		from += length;
	}
	*to = '\0';
	return script;
}

static void expect_commands(const struct instructions_request *request, const char *expected)
{
	char *script = only_commands(written(instructions_write, request));

	assert_string_equal(script, expected);
	free(script);
}

#define APT "apt-get update\napt-get install -y --no-install-recommends "
#define TAR "tar -czf headers.tar.gz -C / "
#define RECIPE "app build --print --container >Containerfile\n"
#define RPM_QF(release) \
	"$(rpm -qf --qf '%{VERSION}-%{RELEASE}' /lib/modules/" release "/modules.builtin)"
#define UBUNTU_5_15 "#129-Ubuntu SMP Fri Aug 2 19:25:20 UTC 2024"

static const struct {
	struct subject subject;
	const char *commands;
} COMMANDS[] = {
	{ { "debian", "13", "", "7.3.4+deb13-cloud-amd64", "", 0 },
	  APT "linux-headers-7.3.4+deb13-cloud-amd64 clang llvm\napp build\n" },
	{ { "debian", "10", "", "4.19.0-27-amd64", "", 0 },
	  APT "linux-headers-4.19.0-27-amd64 clang-11 llvm-11\napp build\n" },
	{ { "debian", "9", "", "4.9.0-19-amd64", "", 0 },
	  RECIPE APT "linux-headers-4.9.0-19-amd64\n" TAR "usr/src\n" },
	{ { "raspbian", "12", "debian", "6.6.31+rpt-rpi-v7", "", "armv7l" },
	  APT "linux-headers-6.6.31+rpt-rpi-v7 clang llvm\napp build\n" },
	{ { "kali", "2026.1", "debian", "6.18.9+kali-amd64", "", 0 },
	  APT "linux-headers-6.18.9+kali-amd64 clang llvm\napp build\n" },
	{ { "ubuntu", "18.04", "debian", "4.15.0-213-generic", "", 0 },
	  APT "linux-headers-4.15.0-213-generic clang-10 llvm-10\napp build\n" },
	{ { "ubuntu", "16.04", "debian", "4.4.0-210-generic", "", 0 },
	  RECIPE APT "linux-headers-4.4.0-210-generic\n" TAR "usr/src\n" },
	{ { "linuxmint", "21", "ubuntu debian", "5.15.0-119-generic", UBUNTU_5_15, 0 },
	  APT "linux-headers-5.15.0-119-generic clang llvm\napp build\n" },
	{ { "fedora", "43", "", "6.17.1-300.fc43.x86_64+debug", "", 0 },
	  "dnf install -y kernel-debug-devel-6.17.1-300.fc43.x86_64 clang llvm\napp build\n" },
	{ { "rhel", "9.4", "fedora", "5.14.0-427.31.1.el9_4.aarch64+64k", "", "aarch64" },
	  "dnf install -y kernel-64k-devel-5.14.0-427.31.1.el9_4.aarch64 clang llvm\napp build\n" },
	{ { "rhel", "8.10", "fedora", "4.18.0-553.rt7.342.el8_10.x86_64", "", 0 },
	  "dnf install -y kernel-rt-devel-4.18.0-553.rt7.342.el8_10.x86_64 clang llvm\napp build\n" },
	{ { "rocky", "9.3", "rhel centos fedora", "5.14.0-362.8.1.el9_3.x86_64", "", 0 },
	  "dnf install -y kernel-devel-5.14.0-362.8.1.el9_3.x86_64 clang llvm\napp build\n" },
	{ { "centos", "9", "rhel fedora", "5.14.0-522.el9.x86_64", "", 0 },
	  "dnf install -y kernel-devel-5.14.0-522.el9.x86_64 clang llvm\napp build\n" },
	{ { "centos", "7", "rhel fedora", "3.10.0-1160.119.1.el7.x86_64", "", 0 },
	  RECIPE "yum install -y kernel-devel-3.10.0-1160.119.1.el7.x86_64\n"
	  TAR "usr/src/kernels/3.10.0-1160.119.1.el7.x86_64\n" },
	{ { "centos", "7", "rhel fedora", "3.10.0-1160.el7.x86_64.debug", "", 0 },
	  RECIPE "yum install -y kernel-debug-devel-3.10.0-1160.el7.x86_64\n"
	  TAR "usr/src/kernels/3.10.0-1160.el7.x86_64.debug\n" },
	{ { "almalinux", "9.4", "rhel centos fedora", "6.9.7-1.el9.elrepo.x86_64", "", 0 },
	  "dnf install -y --enablerepo=elrepo-kernel "
	  "'kernel-devel-uname-r = 6.9.7-1.el9.elrepo.x86_64' clang llvm\napp build\n" },
	{ { "ol", "8.10", "fedora", "5.4.17-2136.333.5.el8uek.x86_64", "", 0 },
	  "dnf install -y kernel-uek-devel-5.4.17-2136.333.5.el8uek.x86_64 clang llvm\napp build\n" },
	{ { "ol", "8.10", "fedora", "4.18.0-553.16.1.el8_10.x86_64", "", 0 },
	  "dnf install -y kernel-devel-4.18.0-553.16.1.el8_10.x86_64 clang llvm\napp build\n" },
	{ { "ol", "7.9", "", "5.4.17-2136.333.5.el7uek.x86_64", "", 0 },
	  RECIPE "yum install -y kernel-uek-devel-5.4.17-2136.333.5.el7uek.x86_64\n"
	  TAR "usr/src/kernels/5.4.17-2136.333.5.el7uek.x86_64\n" },
	{ { "amzn", "2023", "fedora", "6.12.22-27.96.amzn2023.x86_64", "", 0 },
	  "dnf install -y kernel6.12-devel-6.12.22-27.96.amzn2023.x86_64 clang llvm\napp build\n" },
	{ { "amzn", "2018.03", "rhel fedora", "4.14.336-179.559.amzn1.x86_64", "", 0 },
	  RECIPE "yum install -y kernel-devel-4.14.336-179.559.amzn1.x86_64\n"
	  TAR "usr/src/kernels/4.14.336-179.559.amzn1.x86_64\n" },
	{ { "sles", "15.5", "suse", "5.14.21-150500.55.7-default", "", 0 },
	  "zypper --non-interactive install \"kernel-default-devel="
	  RPM_QF("5.14.21-150500.55.7-default") "\" clang llvm\napp build\n" },
	{ { "sles", "12.5", "", "4.12.14-122.222-azure", "", 0 },
	  RECIPE "zypper --non-interactive install \"kernel-azure-devel="
	  RPM_QF("4.12.14-122.222-azure") "\"\n"
	  TAR "usr/src/linux-4.12.14-122.222 usr/src/linux-4.12.14-122.222-obj\n" },
	{ { "arch", "", "", "6.11.1-arch1-1", "", 0 },
	  "pacman -S --needed --noconfirm linux-headers clang llvm\napp build\n" },
	{ { "arch", "", "", "6.6.54-1-lts", "", 0 },
	  "pacman -S --needed --noconfirm linux-lts-headers clang llvm\napp build\n" },
	{ { "endeavouros", "", "arch", "6.11.1-zen1-1-zen", "", 0 },
	  "pacman -S --needed --noconfirm linux-zen-headers clang llvm\napp build\n" },
	{ { "arch", "", "", "6.10.11-hardened1-1-hardened", "", 0 },
	  "pacman -S --needed --noconfirm linux-hardened-headers clang llvm\napp build\n" },
	{ { "archarm", "", "arch", "6.2.10-1-aarch64-ARCH", "", "aarch64" },
	  "pacman -S --needed --noconfirm "
	  "\"$(pacman -Qqo /usr/lib/modules/6.2.10-1-aarch64-ARCH/vmlinuz)-headers\" clang llvm\n"
	  "app build\n" },
	{ { "manjaro", "", "arch", "6.6.54-2-MANJARO", "", 0 },
	  "pacman -S --needed --noconfirm linux66-headers clang llvm\napp build\n" },
	{ { "alpine", "3.20.3", "", "6.6.100-2-virt", "", 0 },
	  "apk update\napk add linux-virt-dev=6.6.100-r2 clang llvm\napp build\n" },
	{ { "gentoo", "2.17", "", "6.6.54-gentoo", "", 0 },
	  "make olddefconfig prepare modules_prepare\n"
	  "test \"$(make -s kernelrelease)\" = 6.6.54-gentoo\n"
	  "app build --kernel 6.6.54-gentoo --headers \"$PWD\"\n" },
	{ { "", "", "", "6.6.66", "", 0 },
	  "make olddefconfig prepare modules_prepare\ntest \"$(make -s kernelrelease)\" = 6.6.66\n"
	  "app build --kernel 6.6.66 --headers \"$PWD\"\n" },
};

static void commands_are_exact(void **state)
{
	struct made made;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(COMMANDS) / sizeof(COMMANDS[0]); i++) {
		make_request(&COMMANDS[i].subject, &made);
		expect_commands(&made.request, COMMANDS[i].commands);
	}
}

/* Hosts of tests/hosts: their os-release, their uname. */
static const struct {
	const char *host, *commands;
} HOSTS[] = {
	{ "debian11", APT "linux-headers-5.10.0-46-cloud-amd64 clang llvm\napp build\n" },
	{ "debian12", APT "linux-headers-6.1.0-56-cloud-amd64 clang llvm\napp build\n" },
	{ "raspberrypi", APT "linux-headers-6.6.31+rpt-rpi-v8 clang llvm\napp build\n" },
	{ "ubuntu2204-lockdown", APT "linux-headers-5.15.0-119-generic clang llvm\napp build\n" },
	{ "almalinux8", "dnf install -y kernel-devel-4.18.0-553.16.1.el8_10.x86_64 clang llvm\n"
	  "app build\n" },
	{ "amazonlinux2", "yum install -y kernel-devel-4.14.355-276.618.amzn2.x86_64 clang llvm\n"
	  "app build\n" },
	{ "amazonlinux2023", "dnf install -y kernel-devel-6.1.106-116.188.amzn2023.aarch64 clang llvm\n"
	  "app build\n" },
	{ "opensuse-leap", "zypper --non-interactive install \"kernel-default-devel="
	  RPM_QF("6.4.0-150600.23.17-default") "\" clang llvm\napp build\n" },
	{ "alpine", "apk update\napk add linux-lts-dev=6.6.49-r0 clang llvm\napp build\n" },
	/* A container of Alpine on a host of Red Hat's. */
	{ "kubernetes-agent", "dnf install -y kernel-devel-5.14.0-427.31.1.el9_4.x86_64 clang llvm\n"
	  "app build\n" },
	/* Ubuntu's user space, Microsoft's kernel. */
	{ "wsl2", "make olddefconfig prepare modules_prepare\n"
	  "test \"$(make -s kernelrelease)\" = 5.15.153.1-microsoft-standard-WSL2\n"
	  "app build --kernel 5.15.153.1-microsoft-standard-WSL2 --headers \"$PWD\"\n" },
	{ "talos-confidentiality", "make olddefconfig prepare modules_prepare\n"
	  "test \"$(make -s kernelrelease)\" = 6.6.43-talos\n"
	  "app build --kernel 6.6.43-talos --headers \"$PWD\"\n" },
};

static void read_host(const char *host, struct made *made, char lines[static 3][128])
{
	char path[128];
	FILE *file;
	size_t i;

	snprintf(path, sizeof(path), "tests/hosts/%s/root/etc/os-release", host);
	assert_int_equal(os_release_read_file(AT_FDCWD, path, &made->os), 0);
	snprintf(path, sizeof(path), "tests/hosts/%s/uname", host);
	file = fopen(path, "r");
	assert_non_null(file);
	for (i = 0; i < 3; i++) {
		assert_non_null(fgets(lines[i], 128, file));
		lines[i][strcspn(lines[i], "\n")] = '\0';
	}
	fclose(file);
	made->request = (struct instructions_request){
		.app = "app", .command = "app", .os = &made->os, .machine = lines[0], .release = lines[1],
		.build = lines[2], .is_running = true, .is_root = true,
	};
}

static void hosts(void **state)
{
	char lines[3][128];
	struct made made;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(HOSTS) / sizeof(HOSTS[0]); i++) {
		read_host(HOSTS[i].host, &made, lines);
		expect_commands(&made.request, HOSTS[i].commands);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(commands_are_exact),
		cmocka_unit_test(hosts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
