/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdio.h>
#include <string.h>

#include "host/facts.h"
#include "runtime/generation.h"

#include "runtime/admit_installed.h"

#include "installer/check_built.h"

static void read_file(const struct generation *generation, const char *path, struct buffer *out)
{
	if (generation_has(generation, path) && generation_read(generation, path, out, NULL))
		buffer_free(out);
}

static void read_object(const struct generation *generation, const char *release,
			struct check_built_files *files)
{
	char path[160];

	snprintf(files->object_path, sizeof(files->object_path), "build/%.65s/%.64s.bpf.o", release,
		 generation->app);
	read_file(generation, files->object_path, &files->object);
	snprintf(path, sizeof(path), "build/%.65s/canary.btf", release);
	if (files->object.size)
		read_file(generation, path, &files->canary_btf);
}

/* As `run` would choose on this kernel. */
static void read_generation(const struct generation *generation, const struct facts *facts,
			    struct check_built_files *files)
{
	const struct generation_kernel *kernel = generation_find(generation, facts->release);
	char path[160];

	if (!kernel || !kernel->covered || (kernel->build[0] && strcmp(kernel->build, facts->build) != 0))
		return;
	snprintf(path, sizeof(path), "btf/%.65s.btf", facts->release);
	if (!strcmp(kernel->source, "built"))
		read_file(generation, path, &files->btf);
	else if (!strcmp(kernel->source, "none"))
		read_object(generation, facts->release, files);
}

int check_built_read(const char *root, const struct trust *trust, const struct payload *payload,
		     struct check_built_files *files, struct check_built *out, struct error *err)
{
	const struct digest fingerprint = payload_fingerprint(payload);
	struct generation generation;
	struct facts facts;
	int code = 0;

	*files = (struct check_built_files){ .object_path = "" };
	*out = (struct check_built){ .object_path = "" };
	facts_name(&facts);
	if (facts_find_btf(&facts, NULL) || facts.btf_source.truth == TRUTH_YES ||
	    generation_open(root, payload_app(payload), &generation, NULL))
		return 0;
	/* What was made for another version may lack what this one asks. */
	if (digest_compare(&generation.fingerprint, &fingerprint) == 0)
		read_generation(&generation, &facts, files);
	if (files->btf.size || files->object.size)
		code = admit_build(trust, &generation, facts.release, err);
	generation_close(&generation);
	if (code)
		return code;
	*out = (struct check_built){
		.btf = buffer_slice(&files->btf),
		.object = buffer_slice(&files->object),
		.canary_btf = buffer_slice(&files->canary_btf),
		.object_path = files->object_path,
	};
	return 0;
}

void check_built_free(struct check_built_files *files)
{
	buffer_free(&files->btf);
	buffer_free(&files->object);
	buffer_free(&files->canary_btf);
}
