/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any bytes as a generation's plan.json, and as a build.json.  What is taken for one names nothing
 * outside of the generation and holds no control characters.
 */
#include <stdlib.h>
#include <string.h>

#include "installer/built_text.h"
#include "payload/names.h"
#include "runtime/plan_json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_text(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			abort();
}

static void check_file(const char *path)
{
	check_text(path);
	if (path[0] == '/' || strstr(path, "/../") || !strncmp(path, "../", 3) || !strcmp(path, ".."))
		abort();
}

static void check_plan(const struct generation *plan)
{
	size_t i;

	if (!name_is_app(plan->app) || !name_is_version(plan->version))
		abort();
	for (i = 0; i < plan->kernel_count; i++) {
		const struct generation_kernel *kernel = &plan->kernels[i];

		if (!name_is_kernel_word(kernel->release) || !name_is_kernel_word(kernel->arch))
			abort();
		check_text(kernel->build);
		check_text(kernel->row);
		check_text(kernel->rule ? kernel->rule : "");
		check_text(kernel->reason);
	}
	for (i = 0; i < plan->file_count; i++)
		check_file(plan->files[i].path);
}

static void read_build(struct slice text)
{
	char release[BUILT_NAME_SIZE];
	struct error err = ERROR_NONE;
	struct built built = BUILT_NONE;

	if (built_parse(text, "build.json", release, &built, &err)) {
		if (!err.text[0])
			abort();
		return;
	}
	if (!name_is_kernel_word(release) || !name_is_build(built.build) || built.way == WAY_COUNT)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct generation plan = { .fd = -1 };
	struct error err = ERROR_NONE;

	if (plan_json_parse(slice_of(data, size), "plan.json", &plan, &err) == 0)
		check_plan(&plan);
	else if (!err.text[0])
		abort();
	generation_close(&plan);
	read_build(slice_of(data, size));
	return 0;
}
