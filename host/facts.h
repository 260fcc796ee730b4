/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Facts about a host, read below a root directory and from system calls, without loading any
 * program of the application.  Facts carry no opinion; decide/ has those.
 *
 * Every probe has three answers: yes, no, and not known, because of an errno.
 */
#ifndef HOST_FACTS_H
#define HOST_FACTS_H

#include <stdbool.h>

#include <jansson.h>

#include "core/btf.h"
#include "host/kconfig.h"
#include "host/policy.h"
#include "host/probe.h"
#include "lib/error.h"

struct os_release {
	char id[64], version_id[64], id_like[128], pretty_name[128];
};

/* Which kernel the facts are about. */
enum facts_scope {
	FACTS_RUNNING,           /* the one that runs; questions (host/ask.h) can be put to it */
	FACTS_INSTALLED,         /* another one below the root: its files, and this process's policies */
	FACTS_FILES,             /* files only, and without a root those that are named only: offline */
};

struct inquiry;

/* A copy shares what the original owns; one of them is freed. */
struct facts {
	enum facts_scope scope;
	bool recorded;           /* read back from JSON: nothing can be asked any more */
	char arch[16];           /* x86_64, arm64, i386 ... as archives name it */
	char machine[65];        /* uname -m */
	char release[65];        /* uname -r */
	char build[65];          /* uname -v; "" when not known */
	struct os_release os;

	struct probe kernel_has_btf;     /* /sys/kernel/btf/vmlinux is there and parses */
	char kernel_btf_problem[256];    /* present but unusable: why; else "" */
	struct probe btf_source;         /* BTF where libbpf looks for it by itself */
	char btf_source_path[256];       /* where, when yes */

	struct kconfig *kconfig;         /* NULL when none could be read; owned */
	char kconfig_path[256];          /* what was read, or could not be; "" when there is none */
	int kconfig_error;               /* why none: ENOENT absent, EBADMSG damaged, EACCES ... */

	struct probe bpf_syscall;        /* bpf(2) works for this process */
	struct probe ringbuf;            /* BPF_MAP_TYPE_RINGBUF can be created */
	struct probe cap_bpf;            /* CAP_BPF and CAP_PERFMON, or CAP_SYS_ADMIN, effective */
	struct probe secure_exec;        /* AT_SECURE: the environment is not to be trusted */
	struct policy policy;

	struct inquiry *inquiry;         /* what was asked, with its answers: host/ask.h; owned */
};

/* What facts are to be read; all zero: of this host. */
struct facts_request {
	enum facts_scope scope;
	const char *root;        /* stands for "/"; NULL: "/", or with FACTS_FILES none */
	/*
	 * Of the kernel that is asked about, build NULL when not known; NULL: of the running one.
	 */
	const char *machine, *release, *build;
	/*
	 * Files in place of those that would be looked for, by the working directory; NULL: look.
	 */
	const char *config, *os_release;
};

/*
 * Reads facts.  A file that was named and cannot be used is an error.  facts_free() frees; after an
 * error there is nothing to free.
 */
int facts_read(const struct facts_request *request, struct facts *out, struct error *err);

/* The same for the running kernel, with files below root; NULL: "/". */
int facts_gather(const char *root, struct facts *out, struct error *err);

/*
 * The names of this machine and its running kernel, and nothing else: no file is read.  They can be
 * put into a plan, and not be asked about; facts_free() need not be called.
 */
void facts_name(struct facts *out);

/*
 * Adds to them whether the running kernel exposes its BTF, and where else libbpf finds it.  Fails
 * only where "/" cannot be opened.
 */
int facts_find_btf(struct facts *facts, struct error *err);

/*
 * Gives facts the whole BTF of a kernel that cannot be asked itself; from then on, questions that
 * it answers (host/ask.h) have an answer.  A reduced BTF, which lacks nearly everything, is not
 * taken, nor is any for the running kernel.  raw is copied.  -ENOMEM, or as btf_view_open().
 */
int facts_add_btf(const struct facts *facts, struct slice raw);

/*
 * The running kernel's own BTF, whole, which lives as long as the facts; NULL where it exposes
 * none, or another kernel is meant.
 */
const struct btf_view *facts_kernel_btf(const struct facts *facts);

/* The facts are about the kernel that runs here: it can be asked, and be given programs. */
bool facts_are_live(const struct facts *facts);

/* Closes what leads to the host: what was asked stays, and nothing new is answered. */
void facts_stop_asking(struct facts *facts);

void facts_free(struct facts *facts);

/* What the kernel's configuration says of "CONFIG_X"; unknown with an errno where there is none. */
struct kconfig_option facts_option(const struct facts *facts, const char *name);

/* The archive's name of a uname -m machine: aarch64 -> arm64, i686 -> i386; others as they are. */
const char *facts_arch_of_machine(const char *machine);

/* The other way round: arm64 -> aarch64, i386 -> i686; others as they are. */
const char *facts_machine_of_arch(const char *arch);

/*
 * Facts as JSON (docs/schema/facts.json), with the answers to all that was asked up to now; NULL
 * when out of memory.  The caller decrefs.  whole: with the whole configuration, so that facts can
 * be judged elsewhere for any object; else with the options of facts_options that BPF depends on.
 */
json_t *facts_to_json(const struct facts *facts, bool whole);

/*
 * Facts from such a document.  What was not recorded is unknown.  -EBADMSG: not such a document, or
 * damaged; the error names the key.  -ENOTSUP: a newer schema.
 */
int facts_from_json(const json_t *document, struct facts *out, struct error *err);

/* The options that are always written: what BPF programs depend on.  NULL ends the list. */
extern const char *const facts_options[];

#endif
