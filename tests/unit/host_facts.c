/* SPDX-License-Identifier: BSD-2-Clause */
/* A host is a folder: os-release, kernel configuration, BTF present or not. */
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/unit/host.h"
#include "tests/unit/needs.h"

static void empty_host(void **state)
{
	struct host *host = *state;
	struct facts facts = gather(host);

	assert_string_equal(facts.release, host->uts.release);
	assert_string_equal(facts.build, host->uts.version);
	assert_string_equal(facts.arch, facts_arch_of_machine(host->uts.machine));
	assert_string_equal(facts.os.id, "");
	/* Without /sys there is no telling. */
	assert_int_equal(facts.kernel_has_btf.truth, TRUTH_UNKNOWN);
	assert_string_equal(facts.kernel_btf_problem, "/sys: is not mounted");
	assert_int_equal(facts.btf_source.truth, TRUTH_NO);
	assert_string_equal(facts.kconfig_path, "");
	assert_int_equal(facts.kconfig_error, ENOENT);
	assert_int_equal(facts_option(&facts, "CONFIG_BPF").state, KCONFIG_UNKNOWN);
	assert_int_equal(facts_option(&facts, "CONFIG_BPF").set.truth, TRUTH_UNKNOWN);
	assert_int_equal(facts_option(&facts, "CONFIG_BPF").set.error, ENOENT);
	assert_int_equal(facts.policy.tracefs_mounted.truth, TRUTH_NO);
	assert_int_equal(facts.policy.seccomp.known.truth, TRUTH_UNKNOWN);
}

static void os_release_places(void **state)
{
	struct host *host = *state;

	needs_openat2();
	put_text(host, "usr/lib/os-release", "ID=alpine\n");
	assert_string_equal(gather(host).os.id, "alpine");
	/* An absolute link is meant from the host's own root. */
	assert_int_equal(dir_make(host->root.fd, "etc", 0755, NULL), 0);
	put_text(host, "nix/store/os-release", "ID=nixos\n");
	assert_int_equal(symlinkat("/nix/store/os-release", host->root.fd, "etc/os-release"), 0);
	assert_string_equal(gather(host).os.id, "nixos");
	assert_int_equal(unlinkat(host->root.fd, "etc/os-release", 0), 0);
	put_text(host, "etc/os-release", "ID=\"debian\"\nVERSION_ID=\"12\"\n");
	assert_string_equal(gather(host).os.id, "debian");
}

static void config_below_boot(void **state)
{
	struct host *host = *state;
	struct facts facts;
	char path[256];

	snprintf(path, sizeof(path), "boot/config-%s", host->uts.release);
	put_text(host, path, "CONFIG_BPF=y\n# CONFIG_KPROBES is not set\n");
	/* Damaged, so passed over. */
	put_text(host, "proc/config.gz", "no gzip");
	facts = gather(host);
	assert_string_equal(facts.kconfig_path + 1, path);
	assert_int_equal(facts_option(&facts, "CONFIG_BPF").state, KCONFIG_BUILT_IN);
	assert_int_equal(facts_option(&facts, "CONFIG_KPROBES").state, KCONFIG_NOT_SET);
	assert_int_equal(facts_option(&facts, "CONFIG_HZ").state, KCONFIG_ABSENT);
	assert_int_equal(facts_option(&facts, "CONFIG_HZ").set.truth, TRUTH_NO);
}

static void unreadable_config(void **state)
{
	struct host *host = *state;
	struct facts facts;

	put_text(host, "proc/config.gz", "no gzip");
	facts = gather(host);
	assert_string_equal(facts.kconfig_path, "/proc/config.gz");
	assert_int_equal(facts_option(&facts, "CONFIG_BPF").set.truth, TRUTH_UNKNOWN);
	assert_int_equal(facts_option(&facts, "CONFIG_BPF").set.error, EBADMSG);
}

static void lockdown(void **state)
{
	struct host *host = *state;

	put_text(host, "sys/kernel/security/lsm", "lockdown,capability\n");
	assert_int_equal(gather(host).policy.lockdown, LOCKDOWN_NONE);
	assert_string_equal(gather(host).policy.lsms, "lockdown,capability");
	put_text(host, "sys/kernel/security/lockdown", "none [integrity] confidentiality\n");
	assert_int_equal(gather(host).policy.lockdown, LOCKDOWN_INTEGRITY);
	put_text(host, "sys/kernel/security/lockdown", "none integrity [confidentiality]\n");
	assert_int_equal(gather(host).policy.lockdown, LOCKDOWN_CONFIDENTIALITY);
	put_text(host, "sys/kernel/security/lockdown", "none integrity confidentiality\n");
	assert_int_equal(gather(host).policy.lockdown, LOCKDOWN_UNKNOWN);
	assert_int_equal(gather(host).policy.lockdown_error, EBADMSG);
}

static void tracefs(void **state)
{
	struct host *host = *state;

	assert_int_equal(dir_make(host->root.fd, "sys/kernel/tracing", 0755, NULL), 0);
	assert_int_equal(gather(host).policy.tracefs_mounted.truth, TRUTH_NO);
	put_text(host, "sys/kernel/debug/tracing/events/header_page", "");
	assert_int_equal(gather(host).policy.tracefs_mounted.truth, TRUTH_YES);
	assert_int_equal(gather(host).policy.tracefs_readable.truth, TRUTH_YES);
	assert_string_equal(gather(host).policy.tracefs_path, "/sys/kernel/debug/tracing");
}

static void missing_root(void **state)
{
	struct error err = ERROR_NONE;
	struct facts facts;

	(void)state;
	assert_int_equal(facts_gather("/nonexistent/root", &facts, &err), -ENOENT);
	assert_non_null(strstr(err.text, "/nonexistent/root"));
}

static void archs(void **state)
{
	(void)state;
	assert_string_equal(facts_arch_of_machine("aarch64"), "arm64");
	assert_string_equal(facts_arch_of_machine("i686"), "i386");
	assert_string_equal(facts_arch_of_machine("x86_64"), "x86_64");
	assert_string_equal(facts_arch_of_machine("riscv64"), "riscv64");
}

static void json(void **state)
{
	struct host *host = *state;
	struct facts facts;
	json_t *document;

	/* Bytes that are no UTF-8 must not take the document away. */
	put_text(host, "etc/os-release", "ID=\xff\xfe\nVERSION_ID=9\n");
	facts = gather(host);
	document = facts_to_json(&facts, false);
	assert_non_null(document);
	assert_string_equal(json_string_value(json_object_get(json_object_get(document, "os"),
							      "version_id")), "9");
	assert_string_equal(json_string_value(json_object_get(document, "release")),
			    host->uts.release);
	json_decref(document);
}

/* A filter as systemd sets it, which kills who calls what it does not list. */
static int forbid(void)
{
	enum { LSM_LIST_MODULES = 461 };
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_fsopen, 5, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_fsconfig, 4, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_fsmount, 3, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_perf_event_open, 2, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, LSM_LIST_MODULES, 1, 0),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
	};
	const struct sock_fprog filter = { .len = sizeof(code) / sizeof(code[0]), .filter = code };

	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	       prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter);
}

/* `run` reads facts, too, and its unit is as strict as can be. */
static void under_a_filter(void **state)
{
	enum { NO_FILTERS = 77 };
	struct facts facts;
	int status;
	pid_t child;

	(void)state;
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		if (forbid())
			_exit(NO_FILTERS);
		if (facts_gather(NULL, &facts, NULL))
			_exit(1);
		status = facts.policy.seccomp.value == 2 ? 0 : 2;
		facts_free(&facts);
		_exit(status);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == NO_FILTERS) {
		print_message("this kernel has no seccomp filters\n");
		skip();
	}
	assert_int_equal(WEXITSTATUS(status), 0);
}

/* What a plan takes is what all facts together would say. */
static void named_and_btf_found(void **state)
{
	struct facts whole, few;
	struct error err = ERROR_NONE;

	(void)state;
	assert_int_equal(facts_gather(NULL, &whole, &err), 0);
	facts_name(&few);
	assert_string_equal(few.release, whole.release);
	assert_string_equal(few.build, whole.build);
	assert_string_equal(few.arch, whole.arch);
	assert_int_equal(few.kernel_has_btf.truth, TRUTH_UNKNOWN);
	assert_null(facts_kernel_btf(&few));
	assert_int_equal(facts_find_btf(&few, &err), 0);
	assert_int_equal(few.kernel_has_btf.truth, whole.kernel_has_btf.truth);
	assert_int_equal(few.btf_source.truth, whole.btf_source.truth);
	assert_string_equal(few.btf_source_path, whole.btf_source_path);
	assert_string_equal(few.kernel_btf_problem, whole.kernel_btf_problem);
	/* It is looked at and not kept. */
	assert_null(facts_kernel_btf(&few));
	facts_free(&few);
	facts_free(&whole);
}

/* Another kernel of this root: what it was built for, and what libbpf would find beside it. */
static void installed_kernel(void **state)
{
	struct host *host = *state;
	const struct facts_request request = {
		.scope = FACTS_INSTALLED, .root = host->root.path, .release = "6.1.0-99-amd64",
	};
	struct error err = ERROR_NONE;

	/* The running kernel's are not its own. */
	put_text(host, "proc/config.gz", "CONFIG_DEBUG_INFO_BTF=y\n");
	put_btf(host, "sys/kernel/btf/vmlinux");
	assert_int_equal(facts_read(&request, &host->facts, &err), 0);
	assert_string_equal(host->facts.release, "6.1.0-99-amd64");
	assert_string_equal(host->facts.build, "");
	assert_string_equal(host->facts.machine, host->uts.machine);
	assert_int_equal(host->facts.kconfig_error, ENOENT);
	assert_int_equal(host->facts.kernel_has_btf.truth, TRUTH_UNKNOWN);
	/* There is no file, but the kernel itself may have it. */
	assert_int_equal(host->facts.btf_source.truth, TRUTH_UNKNOWN);
	assert_int_equal(host->facts.bpf_syscall.truth, TRUTH_UNKNOWN);
	/* Nor are its policies. */
	assert_int_equal(host->facts.policy.lockdown, LOCKDOWN_UNKNOWN);
	assert_int_equal(host->facts.policy.tracefs_mounted.truth, TRUTH_UNKNOWN);
	facts_free(&host->facts);

	put_text(host, "boot/config-6.1.0-99-amd64", "# CONFIG_DEBUG_INFO_BTF is not set\n");
	put_btf(host, "boot/vmlinux-6.1.0-99-amd64");
	assert_int_equal(facts_read(&request, &host->facts, &err), 0);
	assert_int_equal(host->facts.kernel_has_btf.truth, TRUTH_NO);
	assert_int_equal(host->facts.btf_source.truth, TRUTH_YES);
	assert_string_equal(host->facts.btf_source_path, "/boot/vmlinux-6.1.0-99-amd64");
	facts_free(&host->facts);

	put_text(host, "boot/config-6.1.0-99-amd64", "CONFIG_DEBUG_INFO_BTF=y\n");
	assert_int_equal(facts_read(&request, &host->facts, &err), 0);
	assert_int_equal(host->facts.kernel_has_btf.truth, TRUTH_YES);
	assert_string_equal(host->facts.btf_source_path, "/sys/kernel/btf/vmlinux");
}

/* Offline: what is named is read, and nothing else of any machine. */
static void named_files(void **state)
{
	struct host *host = *state;
	char config[128], os_release[128];
	struct facts_request request = {
		.scope = FACTS_FILES, .machine = "aarch64", .release = "5.10.0", .config = config,
		.os_release = os_release,
	};
	struct error err = ERROR_NONE;

	snprintf(config, sizeof(config), "%s/config", host->root.path);
	snprintf(os_release, sizeof(os_release), "%s/os", host->root.path);
	put_text(host, "config", "CONFIG_BPF=y\n");
	put_text(host, "os", "ID=other\n");
	assert_int_equal(facts_read(&request, &host->facts, &err), 0);
	assert_string_equal(host->facts.arch, "arm64");
	assert_string_equal(host->facts.os.id, "other");
	assert_string_equal(host->facts.kconfig_path, config);
	assert_int_equal(host->facts.kernel_has_btf.truth, TRUTH_NO);
	assert_int_equal(host->facts.policy.uid.known.truth, TRUTH_UNKNOWN);
	assert_int_equal(host->facts.policy.container.truth, TRUTH_UNKNOWN);
	assert_int_equal(host->facts.secure_exec.truth, TRUTH_UNKNOWN);
	facts_free(&host->facts);

	/* Without them, this machine's do not step in. */
	request.config = request.os_release = NULL;
	assert_int_equal(facts_read(&request, &host->facts, &err), 0);
	assert_string_equal(host->facts.os.id, "");
	assert_int_equal(host->facts.kconfig_error, ENOENT);
	assert_int_equal(host->facts.kernel_has_btf.truth, TRUTH_UNKNOWN);
	facts_free(&host->facts);

	/* A file that was named must be one. */
	request.config = os_release;
	assert_int_equal(facts_read(&request, &host->facts, &err), -EBADMSG);
	assert_non_null(strstr(err.text, os_release));
	request.config = NULL;
	request.os_release = "/nonexistent/os-release";
	assert_int_equal(facts_read(&request, &host->facts, &err), -ENOENT);
	assert_non_null(strstr(err.text, "/nonexistent/os-release"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		HOST_TEST(empty_host),
		HOST_TEST(os_release_places),
		HOST_TEST(config_below_boot),
		HOST_TEST(unreadable_config),
		HOST_TEST(lockdown),
		HOST_TEST(tracefs),
		HOST_TEST(json),
		cmocka_unit_test(named_and_btf_found),
		HOST_TEST(installed_kernel),
		HOST_TEST(named_files),
		cmocka_unit_test(under_a_filter),
		cmocka_unit_test(missing_root),
		cmocka_unit_test(archs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
