/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What was admitted when it was installed, judged by what is trusted today: by everything that uses
 * it or hands it on.
 */
#ifndef RUNTIME_ADMIT_INSTALLED_H
#define RUNTIME_ADMIT_INSTALLED_H

#include "decide/admission.h"

#include "runtime/generation.h"

/* 0, or -EKEYREJECTED and why; of what the generation's payload holds. */
int admit_generation(const struct trust *trust, const struct generation *generation,
		     struct error *err);

/*
 * The same of what the generation keeps for release in build/RELEASE/.  What was made here is
 * admitted; -ENOENT: nothing was built.
 */
int admit_build(const struct trust *trust, const struct generation *generation, const char *release,
		struct error *err);

/* Both, as far as they are what a kernel of this release runs with. */
int admit_installed(const struct trust *trust, const struct generation *generation,
		    const char *release, struct error *err);

#endif
