/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "runtime/admit_installed.h"
#include "runtime/build_record.h"

int admit_generation(const struct trust *trust, const struct generation *generation,
		     struct error *err)
{
	const struct admission admission = admission_again(trust, generation->signer, generation->path,
							   "install it again, signed");

	return admission_result(&admission, err);
}

int admit_build(const struct trust *trust, const struct generation *generation, const char *release,
		struct error *err)
{
	struct admission admission;
	struct build_record record;
	char name[PATH_MAX];
	int code;

	if (trust->policy != TRUST_REQUIRE)
		return 0;
	code = build_record_read(generation, release, &record, err);
	if (code || !record.is_given)
		return code;
	snprintf(name, sizeof(name), "%s/build/%s", generation->path, release);
	admission = admission_again(trust, record.key[0] ? record.key : NULL, name,
				    "give it to `install` again with its signature, FILE.minisig, or `build` "
				    "here");
	return admission_result(&admission, err);
}

/* True when the kernel runs with what was built or given for it, and not with what was packed. */
static bool uses_build(const struct generation *generation, const struct generation_kernel *kernel)
{
	char path[256];

	if (strcmp(kernel->source, "built") == 0)
		return true;
	snprintf(path, sizeof(path), "build/%.65s/%.64s.bpf.o", kernel->release, generation->app);
	return strcmp(kernel->source, "none") == 0 && generation_has(generation, path);
}

int admit_installed(const struct trust *trust, const struct generation *generation,
		    const char *release, struct error *err)
{
	const struct generation_kernel *kernel = generation_find(generation, release);
	int code = admit_generation(trust, generation, err);

	return code || !kernel || !uses_build(generation, kernel) ?
	       code : admit_build(trust, generation, release, err);
}
