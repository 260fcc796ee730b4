/* SPDX-License-Identifier: BSD-2-Clause */
/* Command `check`: will it run here, now, and if not, why and what to do. */
#ifndef CHECKER_CHECK_H
#define CHECKER_CHECK_H

#include <stdbool.h>

#include "host/trust.h"
#include "payload/reader.h"

#include "checker/trial.h"

/* Another kernel or host than the one that runs here; all NULL: this one. */
struct elsewhere {
	const char *kernel;      /* --kernel R: installed here, and not booted */
	const char *release;     /* --release R: a kernel that nothing but files is known of */
	const char *arch;        /* --arch A, of that kernel */
	const char *host_root;   /* --host-root DIR: a host whose files are below DIR */
	const char *from;        /* --from FILE: facts that were taken elsewhere; "-": standard input */
};

/* What `build` made for the kernel that runs, as it is installed; all empty: nothing. */
struct check_built {
	struct slice btf;        /* reduced for the payload's objects */
	struct slice object;     /* compiled for this kernel, in the place of the payload's */
	struct slice canary_btf; /* for the canary, where an object was compiled */
	const char *object_path; /* of the object, for messages */
};

enum check_output {
	CHECK_TEXT, CHECK_JSON, CHECK_PROMETHEUS, CHECK_NFD,
	CHECK_FACTS,             /* for --from on another machine */
};

struct check_options {
	const char *root;        /* NULL for "/" */
	const struct trust *trust;
	const struct payload *payload; /* NULL when none is at hand: then object is needed */
	const char *object;      /* --object F, else BTFERRY_BPF_FILE */
	const char *btf;         /* --btf F, else BTFERRY_BTF_FILE for this host */
	const char *config;      /* --config F: the kernel's configuration */
	const char *os_release;  /* --os-release F: the host's */
	struct elsewhere elsewhere;
	struct check_built built; /* of this host only */
	bool allow_nearest;      /* what all builds around this kernel have serves it, too */
	const char *const *sets; /* --set NAME=VALUE */
	size_t set_count;
	enum trial_attach attach; /* --attach, --attach=all */
	enum check_output output;
	bool quiet, verbose;     /* of the text: the verdict alone; all that was looked at */
};

enum exit_status check(const struct check_options *options);

#endif
