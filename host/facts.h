/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Facts about a host, read below a root directory and from system calls, without loading any
 * program of the application.  Facts carry no opinion; decide/ has those.
 *
 * Every probe has three answers: yes, no, and not known, because of an errno.
 */
#ifndef HOST_FACTS_H
#define HOST_FACTS_H

#include <jansson.h>

#include "lib/error.h"

enum truth { TRUTH_UNKNOWN, TRUTH_YES, TRUTH_NO };

struct probe {
	enum truth truth;
	int error;               /* why not known, or why no: a positive errno; 0 when there is none */
};

struct os_release {
	char id[64], version_id[64], id_like[128], pretty_name[128];
};

/* A kernel option that btferry asks about; value is "y", "m", "n" or a string. */
struct kconfig_option {
	const char *name;        /* CONFIG_... */
	struct probe set;        /* yes: y or m; no: not set; unknown: no configuration to be read */
	char value[64];
};

enum { FACTS_OPTIONS = 10 };

struct facts {
	char arch[16];           /* x86_64, arm64, i386 ... as archives name it */
	char machine[65];        /* uname -m */
	char release[65];        /* uname -r */
	char build[65];          /* uname -v */
	struct os_release os;

	struct probe kernel_has_btf;     /* /sys/kernel/btf/vmlinux is there and parses */
	char kernel_btf_problem[256];    /* present but unusable: why; else "" */
	struct probe btf_source;         /* BTF where libbpf looks for it by itself */
	char btf_source_path[256];       /* where, when yes */

	char kconfig_path[256];          /* what was read; "" when nothing could be */
	struct kconfig_option options[FACTS_OPTIONS];

	struct probe bpf_syscall;        /* bpf(2) works for this process */
	struct probe ringbuf;            /* BPF_MAP_TYPE_RINGBUF can be created */
	struct probe cap_bpf;            /* CAP_BPF and CAP_PERFMON, or CAP_SYS_ADMIN, effective */
	struct probe lockdown;           /* yes: confidentiality mode */
	struct probe tracefs;            /* tracefs is mounted where libbpf looks */
	struct probe secure_exec;        /* AT_SECURE: the environment is not to be trusted */
};

/*
 * Reads this host's facts.  root is the directory that stands for "/" (NULL for "/"): files come
 * from there, uname(2) and probes from the running kernel.
 */
int facts_gather(const char *root, struct facts *out, struct error *err);

/* The archive's name of a uname -m machine: aarch64 -> arm64, i686 -> i386; others as they are. */
const char *facts_arch_of_machine(const char *machine);

/* Facts as JSON (docs/schema/facts.json); NULL when out of memory.  The caller decrefs. */
json_t *facts_to_json(const struct facts *facts);

#endif
