/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "lib/array.h"

#include "host/btf_sources.h"
#include "host/facts.h"
#include "host/kconfig.h"
#include "host/os_release.h"
#include "host/probes.h"
#include "host/root.h"

/* What BPF programs depend on most; the report shows them where something does not work. */
static const char *const OPTIONS[FACTS_OPTIONS] = {
	"CONFIG_BPF",
	"CONFIG_BPF_SYSCALL",
	"CONFIG_BPF_JIT",
	"CONFIG_BPF_EVENTS",       /* programs on tracepoints, kprobes and perf events */
	"CONFIG_DEBUG_INFO_BTF",
	"CONFIG_KPROBES",
	"CONFIG_FTRACE_SYSCALLS",  /* tracepoints syscalls:sys_enter_* */
	"CONFIG_CGROUPS",
	"CONFIG_BPF_LSM",
	"CONFIG_INET",
};

const char *facts_arch_of_machine(const char *machine)
{
	static const struct {
		const char *machine, *arch;
	} NAMES[] = {
		{ "aarch64", "arm64" },
		{ "i486", "i386" },
		{ "i586", "i386" },
		{ "i686", "i386" },
	};
	size_t i;

	for (i = 0; i < sizeof(NAMES) / sizeof(NAMES[0]); i++)
		if (strcmp(machine, NAMES[i].machine) == 0)
			return NAMES[i].arch;
	return machine;
}

static void gather_kconfig(int root_fd, struct facts *facts)
{
	struct buffer text = { 0 };
	size_t i;
	int code;

	code = kconfig_read(root_fd, facts->release, true, facts->kconfig_path,
			    sizeof(facts->kconfig_path), &text);
	for (i = 0; i < FACTS_OPTIONS; i++)
		facts->options[i] = (struct kconfig_option){
			.name = OPTIONS[i],
			.set = { .truth = TRUTH_UNKNOWN, .error = -code },
		};
	if (!code)
		kconfig_parse(buffer_slice(&text), facts->options, FACTS_OPTIONS);
	buffer_free(&text);
}

static void gather_uname(struct facts *facts)
{
	struct utsname uts;

	uname(&uts); /* fails for a bad address only */
	snprintf(facts->machine, sizeof(facts->machine), "%s", uts.machine);
	snprintf(facts->release, sizeof(facts->release), "%s", uts.release);
	snprintf(facts->build, sizeof(facts->build), "%s", uts.version);
	snprintf(facts->arch, sizeof(facts->arch), "%.15s",
		 facts_arch_of_machine(uts.machine));
}

int facts_gather(const char *root, struct facts *out, struct error *err)
{
	int root_fd, code;

	*out = (struct facts){ .arch = "" };
	root_fd = root_open(root, err);
	if (root_fd < 0)
		return root_fd;
	gather_uname(out);
	code = os_release_read(root_fd, &out->os);
	if (code) {
		close(root_fd);
		return error_errno(err, code, "os-release: cannot be read");
	}
	btf_sources_probe(root_fd, out);
	gather_kconfig(root_fd, out);
	out->bpf_syscall = probe_bpf_syscall();
	out->ringbuf = probe_ringbuf();
	out->cap_bpf = probe_cap_bpf();
	out->lockdown = probe_lockdown(root_fd);
	out->tracefs = probe_tracefs(root_fd);
	out->secure_exec = probe_secure_exec();
	close(root_fd);
	return 0;
}
