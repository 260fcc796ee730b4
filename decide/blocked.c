/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <linux/bpf.h>
#include <linux/capability.h>

#include "decide/blocked.h"

/* Newer than the headers of Debian 12. */
enum { PROG_TYPE_NETFILTER = 32 };

static const char *what_is_refused(enum operation operation)
{
	static const char *const WORDS[] = {
		[OPERATION_LOAD] = "bpf(2) does not let it in",
		[OPERATION_ATTACH] = "bpf(2) does not let it attach",
		[OPERATION_PERF_EVENT] = "perf_event_open(2), by which it attaches, does not let it in",
		[OPERATION_UPROBE] = "perf_event_open(2), by which it attaches, does not let it in",
		[OPERATION_TRACEFS] = "the event's number in tracefs cannot be read",
	};

	return WORDS[operation];
}

/* is_net_admin_prog_type() of kernel/bpf/syscall.c */
bool takes_net_admin(uint32_t type)
{
	static const uint32_t TYPES[] = {
		BPF_PROG_TYPE_SCHED_CLS, BPF_PROG_TYPE_SCHED_ACT, BPF_PROG_TYPE_XDP,
		BPF_PROG_TYPE_LWT_IN, BPF_PROG_TYPE_LWT_OUT, BPF_PROG_TYPE_LWT_XMIT,
		BPF_PROG_TYPE_LWT_SEG6LOCAL, BPF_PROG_TYPE_SK_SKB, BPF_PROG_TYPE_SK_MSG,
		BPF_PROG_TYPE_FLOW_DISSECTOR, BPF_PROG_TYPE_CGROUP_DEVICE,
		BPF_PROG_TYPE_CGROUP_SOCK, BPF_PROG_TYPE_CGROUP_SOCK_ADDR,
		BPF_PROG_TYPE_CGROUP_SOCKOPT, BPF_PROG_TYPE_CGROUP_SYSCTL,
		BPF_PROG_TYPE_SOCK_OPS, BPF_PROG_TYPE_EXT, PROG_TYPE_NETFILTER,
	};
	size_t i;

	for (i = 0; i < sizeof(TYPES) / sizeof(TYPES[0]); i++)
		if (TYPES[i] == type)
			return true;
	return false;
}

/* is_perfmon_prog_type() there */
static bool takes_perfmon(uint32_t type)
{
	static const uint32_t TYPES[] = {
		BPF_PROG_TYPE_KPROBE, BPF_PROG_TYPE_TRACEPOINT, BPF_PROG_TYPE_PERF_EVENT,
		BPF_PROG_TYPE_RAW_TRACEPOINT, BPF_PROG_TYPE_RAW_TRACEPOINT_WRITABLE,
		BPF_PROG_TYPE_TRACING, BPF_PROG_TYPE_LSM, BPF_PROG_TYPE_STRUCT_OPS,
		BPF_PROG_TYPE_EXT,
	};
	size_t i;

	for (i = 0; i < sizeof(TYPES) / sizeof(TYPES[0]); i++)
		if (TYPES[i] == type)
			return true;
	return false;
}

static bool lacks(const struct facts *facts, int capability)
{
	return policy_capability(&facts->policy, capability).truth == TRUTH_NO;
}

/* CAP_BPF and CAP_PERFMON came with 5.8; an older kernel that was given them has the bits. */
static bool is_older_than_capabilities(const struct facts *facts)
{
	unsigned major, minor;

	return sscanf(facts->release, "%u.%u", &major, &minor) == 2 &&
	       (major < 5 || (major == 5 && minor < 8)) &&
	       policy_bounding(&facts->policy, CAP_BPF).truth != TRUTH_YES;
}

static void add_word(char *text, size_t size, const char *word)
{
	size_t used = strlen(text);

	snprintf(text + used, size - used, "%s%s", used ? " and " : "", word);
}

const char *missing_capabilities(const struct facts *facts, const struct program_needs *program,
				 char text[static MISSING_CAPABILITIES_SIZE])
{
	text[0] = '\0';
	if (!lacks(facts, CAP_SYS_ADMIN))
		return text;
	if (is_older_than_capabilities(facts)) {
		add_word(text, MISSING_CAPABILITIES_SIZE, "CAP_SYS_ADMIN");
		return text;
	}
	if (lacks(facts, CAP_BPF))
		add_word(text, MISSING_CAPABILITIES_SIZE, "CAP_BPF");
	if ((!program || !program->typed || takes_perfmon(program->type)) &&
	    lacks(facts, CAP_PERFMON))
		add_word(text, MISSING_CAPABILITIES_SIZE, "CAP_PERFMON");
	if (program && program->typed && takes_net_admin(program->type) &&
	    lacks(facts, CAP_NET_ADMIN))
		add_word(text, MISSING_CAPABILITIES_SIZE, "CAP_NET_ADMIN");
	return text;
}

/* The capability that an operation takes; "" when this process has it. */
static void find_missing(const struct facts *facts, const struct program_needs *program,
			 enum operation operation, char text[static MISSING_CAPABILITIES_SIZE])
{
	missing_capabilities(facts, program, text);
	switch (operation) {
	case OPERATION_LOAD:
	case OPERATION_ATTACH:
		break;
	case OPERATION_PERF_EVENT:
		break;
	case OPERATION_UPROBE:
		if (!text[0] && lacks(facts, CAP_SYS_ADMIN))
			add_word(text, MISSING_CAPABILITIES_SIZE, "CAP_SYS_ADMIN");
		break;
	case OPERATION_TRACEFS:
		text[0] = '\0';
		if (facts->policy.uid.value != 0 && lacks(facts, CAP_DAC_READ_SEARCH))
			add_word(text, MISSING_CAPABILITIES_SIZE, "CAP_DAC_READ_SEARCH");
		break;
	}
}

void advise_capabilities(const struct facts *facts, const char *missing, struct finding *out)
{
	bool container = facts->policy.container.truth == TRUTH_YES;
	char options[128] = "";
	const char *word;
	size_t used = 0, length;

	for (word = strstr(missing, "CAP_"); word; word = strstr(word + length, "CAP_")) {
		length = strcspn(word, " ");
		used += (size_t)snprintf(options + used, sizeof(options) - used,
					 container ? " --cap-add %.*s" : " %.*s",
					 (int)(container ? length - 4 : length),
					 container ? word + 4 : word);
	}
	if (container)
		finding_advise(out, "Give the container what it lacks: `docker run%s`, or "
			       "capabilities.add in a pod's securityContext.", options);
	else
		finding_advise(out, "Run it as root, or give the service what it lacks: "
			       "AmbientCapabilities=%s.", options + 1);
}

static bool is_filtered(const struct facts *facts)
{
	enum { SECCOMP_FILTER = 2 };

	return facts->policy.seccomp.known.truth == TRUTH_YES &&
	       facts->policy.seccomp.value == SECCOMP_FILTER;
}

/* "bpf, selinux" of those that may say no to bpf(2). */
static void list_modules(const struct facts *facts, char *text, size_t size)
{
	static const char *const MODULES[] = { "selinux", "apparmor", "smack", "tomoyo", "bpf" };
	size_t i, used = 0;

	text[0] = '\0';
	for (i = 0; i < sizeof(MODULES) / sizeof(MODULES[0]); i++)
		if (policy_lsm(&facts->policy, MODULES[i]).truth == TRUTH_YES)
			used += (size_t)snprintf(text + used, size - used, "%s%s", used ? ", " : "",
						 MODULES[i]);
}

static void blame_filter(enum operation operation, int error, struct finding *out)
{
	finding_set(out, ANSWER_BLOCKED, CLASS_POLICY,
		    "%s (%s), most likely because of the seccomp filter that is on for this process",
		    what_is_refused(operation), strerrorname_np(error));
	finding_advise(out, "Allow bpf(2) and perf_event_open(2) in the filter: the container's seccomp "
		       "profile, or SystemCallFilter= of the service.");
}

static void blame_lockdown(enum operation operation, int error, struct finding *out)
{
	finding_set(out, ANSWER_BLOCKED, CLASS_POLICY,
		    "%s (%s), most likely because lockdown is in confidentiality mode, which keeps "
		    "programs from reading kernel memory", what_is_refused(operation),
		    strerrorname_np(error));
	finding_advise(out, "Boot with lockdown=integrity; Secure Boot can stay on.");
}

static void blame_paranoid(const struct facts *facts, int error, struct finding *out)
{
	finding_set(out, ANSWER_BLOCKED, CLASS_POLICY,
		    "%s (%s): kernel.perf_event_paranoid is %lld",
		    what_is_refused(OPERATION_PERF_EVENT), strerrorname_np(error),
		    (long long)facts->policy.perf_event_paranoid.value);
	finding_advise(out, "Run it as root, or `sysctl kernel.perf_event_paranoid=2`.");
}

static void blame_module(const struct facts *facts, enum operation operation, int error,
			 struct finding *out)
{
	char modules[64];

	list_modules(facts, modules, sizeof(modules));
	finding_set(out, ANSWER_BLOCKED, CLASS_POLICY,
		    "%s (%s), and no capability is missing: a policy stands between, most likely that "
		    "of a security module (%s)", what_is_refused(operation), strerrorname_np(error),
		    modules[0] ? modules : "which are active is not known");
	finding_advise(out, "Allow it in the module's policy%s.", strstr(modules, "bpf") ?
		       "; of `bpf`, programs of the host's own decide (`bpftool prog list` shows lsm "
		       "programs)" : "");
}

static bool is_paranoid(const struct facts *facts)
{
	enum { PARANOID_KEEPS_ALL_OUT = 3 }; /* a level that Debian and Ubuntu added */

	return facts->policy.perf_event_paranoid.known.truth == TRUTH_YES &&
	       facts->policy.perf_event_paranoid.value >= PARANOID_KEEPS_ALL_OUT &&
	       lacks(facts, CAP_SYS_ADMIN) && lacks(facts, CAP_PERFMON);
}

/* Before 5.11, BPF's memory counts against a limit that libbpf raises, where it may. */
static bool is_short_of_memlock(const struct evidence *evidence)
{
	const struct setting *limit = &evidence->facts->policy.memlock;

	return evidence->memcg.truth == TRUTH_NO && limit->known.truth == TRUTH_YES &&
	       limit->value != POLICY_UNLIMITED && lacks(evidence->facts, CAP_SYS_RESOURCE);
}

static void blame_memlock(const struct facts *facts, int error, struct finding *out)
{
	finding_set(out, ANSWER_BLOCKED, CLASS_CAPABILITY,
		    "%s (%s), most likely because this kernel counts BPF's memory against "
		    "RLIMIT_MEMLOCK, which is %lld bytes, and this process may not raise it",
		    what_is_refused(OPERATION_LOAD), strerrorname_np(error),
		    (long long)facts->policy.memlock.value);
	finding_advise(out, "LimitMEMLOCK=infinity for the service, or `ulimit -l unlimited`; "
		       "CAP_SYS_RESOURCE does as well.");
}

void blocked_by(const struct evidence *evidence, const struct program_needs *program,
		enum operation operation, int error, struct finding *out)
{
	const struct facts *facts = evidence->facts;
	char missing[MISSING_CAPABILITIES_SIZE];

	out->error = error;
	find_missing(facts, program, operation, missing);
	if (facts->policy.initial_user_namespace.truth == TRUTH_NO &&
	    operation != OPERATION_TRACEFS) {
		finding_set(out, ANSWER_BLOCKED, CLASS_CAPABILITY,
			    "%s (%s): this process is in a user namespace, whose capabilities do not "
			    "count for it", what_is_refused(operation), strerrorname_np(error));
		finding_advise(out, "Run it outside of the user namespace, as root of the host.");
	} else if (operation == OPERATION_PERF_EVENT && is_paranoid(facts)) {
		blame_paranoid(facts, error, out);
	} else if (missing[0]) {
		finding_set(out, ANSWER_BLOCKED, CLASS_CAPABILITY, "%s (%s): this process lacks %s",
			    what_is_refused(operation), strerrorname_np(error), missing);
		advise_capabilities(facts, missing, out);
	} else if (operation == OPERATION_LOAD && is_short_of_memlock(evidence)) {
		blame_memlock(facts, error, out);
	} else if (is_filtered(facts)) {
		blame_filter(operation, error, out);
	} else if (facts->policy.lockdown == LOCKDOWN_CONFIDENTIALITY) {
		blame_lockdown(operation, error, out);
	} else {
		blame_module(facts, operation, error, out);
	}
}
