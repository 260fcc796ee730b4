/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which kernels an install is for, and what each of them gets: the decision of `decide`, made for
 * every one as if it were the one that runs.
 */
#ifndef INSTALLER_KERNELS_H
#define INSTALLER_KERNELS_H

#include "decide/decide.h"
#include "decide/select.h"
#include "runtime/generation.h"

#include "installer/application.h"
#include "installer/built.h"

/* One kernel of the install. */
struct kernel {
	char release[65];        /* uname -r */
	char build[65];          /* uname -v; "" when not known */
	bool is_running;
	bool is_named;           /* asked for: the install is for it */
	bool is_kept;            /* as it is in the generation before: nothing is decided anew */
	bool was_exposing;       /* it had BTF of its own when an earlier install looked */
	bool is_covered;         /* the object can run there, as far as BTF is concerned */
	/* "kernel", "stored", "built" or "none": what btf/RELEASE.btf will be. */
	const char *source;
	const char *rule;        /* stored: what it was chosen by; built: the way; else NULL */
	struct buffer btf;       /* stored, built: the BTF, until it is taken */
	struct digest digest;    /* stored, built: of that BTF */
	struct built built;      /* what `build` made for it, now or before, until it is taken */
	struct buffer options;   /* values for the object's .kconfig externs, as it asks for them */
	struct plan plan;        /* what was decided, and why */
};

struct kernels {
	struct kernel *items;
	size_t count, capacity;
	bool allow_nearest;      /* set by the caller: as select_neighbours() */
};

/*
 * Adds a release, once; one that is there already only becomes named, when is_named.  -EBADMSG: no
 * kernel release.
 */
int kernels_add(struct kernels *kernels, const struct facts *facts, const char *release,
		bool is_named, struct error *err);

/* What another generation of the same payload says of a kernel holds for this one, too. */
int kernels_keep(struct kernels *kernels, const struct facts *facts,
		 const struct generation_kernel *known, struct error *err);

/*
 * Adds a kernel of another generation to be decided anew.  What is known of one that does not run
 * (its build, that it exposes BTF) is known still.
 */
int kernels_add_known(struct kernels *kernels, const struct facts *facts,
		      const struct generation_kernel *known, struct error *err);

/* The one of this release, or NULL. */
struct kernel *kernels_find(const struct kernels *kernels, const char *release);

/* Adds every kernel below lib/modules and usr/lib/modules of root, and of OSTree's trees in it. */
int kernels_add_installed(struct kernels *kernels, const struct facts *facts, const char *root,
			  struct error *err);

/*
 * Decides for each kernel that is not kept, gets what its decision takes, and sorts them by
 * release.  facts_find_btf() was called if the running kernel is among them, and
 * application_load_build() if anything was built for one.
 */
int kernels_decide(struct kernels *kernels, const struct facts *facts,
		   const struct application *application, const struct payload *payload,
		   const char *root, struct error *err);

void kernels_free(struct kernels *kernels);

#endif
