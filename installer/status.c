/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Command `status`: what is installed, how it stands to the running kernel, and whether every
 * byte of it is what was installed.  Exit 0: intact and good for this kernel; 1: nothing is
 * installed; 3: this kernel is not served; 5: damaged, which outweighs 3.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#include "lib/console.h"
#include "runtime/admit_installed.h"

#include "installer/install.h"
#include "installer/plan_text.h"
#include "installer/running.h"
#include "installer/verify.h"

enum { STATUS_SCHEMA = 1 };

/* Takes entry; false, and *array is gone, when there was no memory for either. */
static bool append(json_t **array, json_t *entry)
{
	if (!json_array_append_new(*array, entry))
		return true;
	json_decref(*array);
	*array = NULL;
	return false;
}

/* NULL when out of memory. */
static json_t *kernel_array(const struct generation *generation)
{
	json_t *array = json_array();
	char hex[DIGEST_HEX_SIZE];
	size_t i;

	for (i = 0; i < generation->kernel_count; i++) {
		const struct generation_kernel *kernel = &generation->kernels[i];

		if (!append(&array, json_pack(
			"{s:s, s:s, s:s, s:b, s:s, s:s, s:s?, s:s, s:s?}",
			"release", kernel->release, "arch", kernel->arch, "build", kernel->build,
			"covered", kernel->covered, "source", kernel->source, "row", kernel->row,
			"rule", kernel->rule, "reason", kernel->reason,
			"btf", digest_is_zero(&kernel->btf) ? NULL
							    : digest_hex(&kernel->btf, hex))))
			break;
	}
	return array;
}

/* NULL when out of memory. */
static json_t *problem_array(const struct problems *problems)
{
	json_t *array = json_array();
	size_t i;

	for (i = 0; i < problems->count; i++)
		if (!append(&array, json_pack("{s:s, s:s}", "path", problems->items[i].path,
					      "problem", problems->items[i].text)))
			break;
	return array;
}

/* As in the plan. */
static json_t *signature_entry(const struct generation *generation)
{
	if (!generation->signer)
		return json_null();
	return json_pack("{s:s, s:I}", "key", generation->signer, "epoch",
			 (json_int_t)generation->epoch);
}

static int print_json(const struct generation *generation, const struct problems *problems,
		      const struct utsname *uts, enum running running,
		      const struct error *distrust, struct error *err)
{
	char hex[DIGEST_HEX_SIZE];

	return document_print(json_pack(
		"{s:i, s:b, s:s, s:s, s:o, s:b, s:i, s:s, s:s, s:b, s:o, s:o, s:{s:s, s:s, s:s}}",
		"schema", STATUS_SCHEMA, "installed", 1, "app", generation->app,
		"version", generation->version, "signature", signature_entry(generation),
		"trusted", !distrust->code,
		"generation", (int)generation->number,
		"path", generation->path, "fingerprint", digest_hex(&generation->fingerprint, hex),
		"intact", problems->count == 0, "kernels", kernel_array(generation),
		"problems", problem_array(problems),
		"running", "release", uts->release, "build", uts->version,
		"state", running_name(running)), err);
}

static void print_text(const struct generation *generation, const struct problems *problems,
		       const struct utsname *uts, enum running running)
{
	size_t i;

	printf("%s %s: generation %u in %s\n", generation->app, generation->version,
	       generation->number, generation->path);
	for (i = 0; i < generation->kernel_count; i++) {
		const struct generation_kernel *kernel = &generation->kernels[i];

		printf("  %s%s: %s%s: %s\n", kernel->release,
		       strcmp(kernel->release, uts->release) ? "" : " (running)",
		       kernel->covered ? "" : "not served: ", kernel->source, kernel->reason);
	}
	if (generation->signer)
		printf("  signed by key %s, epoch %llu\n", generation->signer,
		       (unsigned long long)generation->epoch);
	else
		printf("  not signed by a key that was trusted\n");
	printf("  running kernel %s: %s\n", uts->release, running_name(running));
	if (problems->count)
		printf("  %s%zu of %zu files damaged%s\n", console_red(), problems->count,
		       generation->file_count, console_plain());
	else
		printf("  %s%zu files intact%s\n", console_green(), generation->file_count,
		       console_plain());
}

/* By what is trusted today: *distrust tells why `run` would not start it. */
static int judge_trust(const struct trust *trust, const struct generation *generation,
		       const struct utsname *uts, struct error *distrust, struct error *err)
{
	int code = admit_installed(trust, generation, uts->release, distrust);

	if (!code || code == -EKEYREJECTED)
		return 0;
	/* Not a matter of trust. */
	*err = *distrust;
	return code;
}

static enum exit_status complain(const struct generation *generation,
				 const struct problems *problems, const struct utsname *uts,
				 enum running running, const struct error *distrust)
{
	size_t i;

	for (i = 0; i < problems->count; i++)
		console_error("status: %s/%s: %s: install again", generation->path,
			      problems->items[i].path, problems->items[i].text);
	if (distrust->code)
		console_error("status: %s", distrust->text);
	if (problems->count || distrust->code)
		return STATUS_DAMAGED;
	if (running == RUNNING_COVERED)
		return STATUS_DONE;
	console_error("status: kernel %s: %s", uts->release, running_advice(running));
	return STATUS_NEEDS_BUILD;
}

static enum exit_status nothing(const char *app, bool json)
{
	struct error err = ERROR_NONE;

	if (json && document_print(json_pack("{s:i, s:b, s:s}", "schema", STATUS_SCHEMA,
					     "installed", 0, "app", app), &err))
		return console_fail("status", &err);
	console_error("status: %s: nothing is installed", app);
	return STATUS_NO;
}

enum exit_status status(const char *root, const struct trust *trust, const char *app, bool json)
{
	struct error err = ERROR_NONE;
	struct error distrust = ERROR_NONE;
	struct problems problems = { 0 };
	struct generation generation;
	enum exit_status result;
	enum running running;
	struct utsname uts;
	int code;

	code = generation_open(root, app, &generation, &err);
	if (code == -ENOENT)
		return nothing(app, json);
	if (code)
		return console_fail("status", &err);
	uname(&uts); /* fails for a bad address only */
	running = running_state(&generation, &uts);
	code = judge_trust(trust, &generation, &uts, &distrust, &err);
	if (!code)
		code = verify(&generation, &problems, &err);
	if (!code && json)
		code = print_json(&generation, &problems, &uts, running, &distrust, &err);
	else if (!code)
		print_text(&generation, &problems, &uts, running);
	result = code ? console_fail("status", &err) :
			complain(&generation, &problems, &uts, running, &distrust);
	problems_free(&problems);
	generation_close(&generation);
	return result;
}
