/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/personality.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <linux/bpf.h>

#include "host/bpf_probes.h"
#include "host/btf_sources.h"
#include "host/facts.h"
#include "host/inquiry.h"
#include "host/os_release.h"
#include "host/root.h"

/* The last of several machines of one architecture is what its kernels say of themselves. */
static const struct {
	const char *machine, *arch;
} MACHINES[] = {
	{ "aarch64", "arm64" },
	{ "i486", "i386" },
	{ "i586", "i386" },
	{ "i686", "i386" },
};
enum { MACHINE_COUNT = sizeof(MACHINES) / sizeof(MACHINES[0]) };

const char *facts_arch_of_machine(const char *machine)
{
	size_t i;

	for (i = 0; i < MACHINE_COUNT; i++)
		if (strcmp(machine, MACHINES[i].machine) == 0)
			return MACHINES[i].arch;
	return machine;
}

const char *facts_machine_of_arch(const char *arch)
{
	size_t i;

	for (i = MACHINE_COUNT; i > 0; i--)
		if (strcmp(arch, MACHINES[i - 1].arch) == 0)
			return MACHINES[i - 1].machine;
	return arch;
}

static void set(char *out, size_t size, const char *text)
{
	snprintf(out, size, "%s", text ? text : "");
}

/*
 * Under linux32(8) and the like, a 64-bit kernel calls the machine a 32-bit one.  The kernel is
 * what counts, so that is laid aside for the question; where a filter forbids it, what is said
 * stands.
 */
static void ask_uname(struct utsname *uts)
{
	int persona = personality(0xffffffff);
	bool is_disguised = persona >= 0 && (persona & PER_MASK) != PER_LINUX &&
			    personality((unsigned long)persona & ~(unsigned long)PER_MASK) >= 0;

	uname(uts); /* fails for a bad address only */
	if (is_disguised)
		personality((unsigned long)persona);
}

/* The running kernel's names, but for those that are asked about. */
static void read_uname(const struct facts_request *request, struct facts *facts)
{
	struct utsname uts = { .machine = "" };

	if (request->scope != FACTS_FILES)
		ask_uname(&uts);
	set(facts->machine, sizeof(facts->machine),
	    request->machine ? request->machine : uts.machine);
	set(facts->release, sizeof(facts->release),
	    request->release ? request->release : uts.release);
	if (request->scope == FACTS_RUNNING)
		set(facts->build, sizeof(facts->build), uts.version);
	else
		set(facts->build, sizeof(facts->build), request->build);
	snprintf(facts->arch, sizeof(facts->arch), "%.15s",
		 facts_arch_of_machine(facts->machine));
}

static int read_os_release(const struct facts_request *request, int root_fd, struct facts *facts,
			   struct error *err)
{
	int code;

	if (!request->os_release)
		return root_fd < 0 ? 0 : os_release_read(root_fd, &facts->os, err);
	code = os_release_read_file(AT_FDCWD, request->os_release, &facts->os);
	return code ? error_errno(err, code, "%s", request->os_release) : 0;
}

static int read_kconfig(const struct facts_request *request, int root_fd, struct facts *facts,
			struct error *err)
{
	bool running = request->scope != FACTS_INSTALLED;
	int code = -ENOENT;

	if (!request->config) {
		if (root_fd >= 0)
			code = kconfig_read(root_fd, facts->release, running, facts->kconfig_path,
					    sizeof(facts->kconfig_path), &facts->kconfig);
		facts->kconfig_error = -code;
		return code == -ENOMEM ? error_errno(err, code, "kernel config") : 0;
	}
	set(facts->kconfig_path, sizeof(facts->kconfig_path), request->config);
	code = kconfig_read_file(AT_FDCWD, request->config, &facts->kconfig);
	if (code == -EBADMSG)
		return error_set(err, code, "%s: is no kernel configuration: it has no line CONFIG_...",
				 request->config);
	return code ? error_errno(err, code, "%s", request->config) : 0;
}

static struct probe can_load_bpf(const struct policy *policy)
{
	struct probe all = policy_capability(policy, CAP_SYS_ADMIN);
	struct probe bpf = policy_capability(policy, CAP_BPF);
	struct probe perfmon = policy_capability(policy, CAP_PERFMON);

	if (all.truth == TRUTH_YES || (bpf.truth == TRUTH_YES && perfmon.truth == TRUTH_YES))
		return probe_yes();
	return all.truth == TRUTH_UNKNOWN ? all : probe_no(0);
}

/* As libbpf asks: without CONFIG_NET there are no programs for sockets, and bpf(2) all the same. */
static struct probe probe_bpf_syscall(void)
{
	static const struct program_kind filter = { .type = BPF_PROG_TYPE_SOCKET_FILTER };
	static const struct program_kind tracepoint = { .type = BPF_PROG_TYPE_TRACEPOINT };
	struct probe answer = probe_program_kind(&filter);

	return answer.truth == TRUTH_NO ? probe_program_kind(&tracepoint) : answer;
}

static void ask_kernel(struct facts *facts)
{
	struct policy *policy = &facts->policy;

	facts->bpf_syscall = policy_doubt(policy, probe_bpf_syscall());
	facts->ringbuf = policy_doubt(policy, probe_map_type(BPF_MAP_TYPE_RINGBUF));
	facts->secure_exec = getauxval(AT_SECURE) ? probe_yes() : probe_no(0);
}

/* Files that show a kernel at work: /sys is there. */
static bool shows_running(const struct facts_request *request, int root_fd)
{
	return request->scope == FACTS_RUNNING ||
	       (request->scope == FACTS_FILES && root_fd >= 0 &&
		root_find(root_fd, "sys/kernel") == 0);
}

/* root_fd is negative when no root is to be looked at. */
static int read_below(const struct facts_request *request, int root_fd, struct facts *out,
		      struct error *err)
{
	bool live = request->scope == FACTS_RUNNING;
	int code;

	read_uname(request, out);
	code = read_os_release(request, root_fd, out, err);
	if (!code)
		code = read_kconfig(request, root_fd, out, err);
	if (code)
		return code;
	if (shows_running(request, root_fd))
		btf_sources_probe(root_fd, out);
	else
		btf_sources_expect(root_fd, out);
	if (root_fd >= 0)
		policy_read(root_fd, out->release, live, &out->policy);
	if (request->scope == FACTS_INSTALLED)
		policy_forget_kernel(&out->policy);
	out->cap_bpf = can_load_bpf(&out->policy);
	if (live)
		ask_kernel(out);
	return 0;
}

int facts_read(const struct facts_request *request, struct facts *out, struct error *err)
{
	bool live = request->scope == FACTS_RUNNING;
	int root_fd = -1, code;

	*out = (struct facts){ .scope = request->scope };
	if (request->root || request->scope != FACTS_FILES) {
		root_fd = root_open(request->root, err);
		if (root_fd < 0)
			return root_fd;
	}
	out->inquiry = inquiry_new();
	code = out->inquiry ? read_below(request, root_fd, out, err) :
	       error_errno(err, -ENOMEM, "facts");
	if (!code && live)
		inquiry_start(out->inquiry, root_fd, !policy_is_filtered(&out->policy));
	if (root_fd >= 0 && (code || !live))
		close(root_fd);
	if (code)
		facts_free(out);
	return code;
}

int facts_gather(const char *root, struct facts *out, struct error *err)
{
	return facts_read(&(struct facts_request){ .root = root }, out, err);
}

void facts_name(struct facts *out)
{
	*out = (struct facts){ .scope = FACTS_RUNNING, .kconfig_error = ENOENT };
	read_uname(&(struct facts_request){ .scope = FACTS_RUNNING }, out);
}

int facts_find_btf(struct facts *facts, struct error *err)
{
	int root_fd = root_open(NULL, err);

	if (root_fd < 0)
		return root_fd;
	btf_sources_probe(root_fd, facts);
	close(root_fd);
	return 0;
}

bool facts_are_live(const struct facts *facts)
{
	return facts->scope == FACTS_RUNNING && !facts->recorded;
}

const struct btf_view *facts_kernel_btf(const struct facts *facts)
{
	const struct inquiry *inquiry = facts->inquiry;

	return inquiry && inquiry->live && !inquiry->btf.error ? &inquiry->btf.view : NULL;
}

int facts_add_btf(const struct facts *facts, struct slice raw)
{
	struct inquiry *inquiry = facts->inquiry;
	int code;

	if (inquiry->live || inquiry->has_file)
		return 0;
	code = kernel_btf_copy(&inquiry->btf, raw);
	/* Each kernel's has this one; a reduced BTF has no functions at all. */
	inquiry->has_file = !code && kernel_btf_find(&inquiry->btf, BTF_KIND_FUNC, "bpf_check");
	if (!inquiry->has_file)
		kernel_btf_close(&inquiry->btf);
	return code;
}

void facts_stop_asking(struct facts *facts)
{
	if (facts->inquiry)
		inquiry_stop(facts->inquiry);
}

void facts_free(struct facts *facts)
{
	kconfig_free(facts->kconfig);
	inquiry_free(facts->inquiry);
	*facts = (struct facts){ .arch = "" };
}

struct kconfig_option facts_option(const struct facts *facts, const char *name)
{
	struct kconfig_option option = kconfig_find(facts->kconfig, name);

	if (!facts->kconfig)
		option.set.error = facts->kconfig_error;
	return option;
}
