/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/console.h"

#include "installer/install_report.h"
#include "installer/plan_text.h"
#include "installer/retreat.h"
#include "installer/sweep.h"

enum { ROLLBACK_SCHEMA = 1 };

/* Opens a generation and, where it is of another version, its payload; -EEXIST: of this one. */
static int try_number(struct retreat *retreat, unsigned number, struct error *err)
{
	int code;

	code = generation_open_number(retreat->state.fd, retreat->state.path, number,
				      retreat->options->app, &retreat->target, err);
	if (code)
		return code;
	if (!strcmp(retreat->target.version, retreat->current.version))
		code = -EEXIST;
	if (!code)
		code = kept_open(retreat->options->trust, &retreat->target, &retreat->kept, err);
	if (code) {
		kept_close(&retreat->kept);
		generation_close(&retreat->target);
	}
	return code;
}

/* What cannot be used is no way back; what could not be read may be one. */
static bool is_unusable(int code)
{
	return code == -EBADMSG || code == -ENOTSUP || code == -ENOENT || code == -EKEYREJECTED;
}

static int find_target(struct retreat *retreat, struct error *err)
{
	struct generation_numbers numbers;
	struct error problem;
	int code;
	size_t i;

	code = sweep_list(&retreat->state, &numbers, err);
	if (code)
		return code;
	code = -EEXIST;
	for (i = numbers.count; i > 0 && code; i--) {
		if (numbers.items[i - 1] >= retreat->state.current)
			continue;
		code = try_number(retreat, numbers.items[i - 1], &problem);
		if (is_unusable(code))
			console_warn("rollback: passed over: %s", problem.text);
		else if (code && code != -EEXIST)
			break;
	}
	free(numbers.items);
	if (code == -EEXIST || is_unusable(code))
		return error_set(err, -ENOENT, "%s %s: no generation of another version is left to "
				 "go back to", retreat->options->app, retreat->current.version);
	if (code)
		*err = problem;
	return code;
}

static bool has_nearest(const struct generation *generation)
{
	size_t i;

	for (i = 0; i < generation->kernel_count; i++)
		if (generation->kernels[i].rule &&
		    !strcmp(generation->kernels[i].rule, GENERATION_RULE_NEIGHBOURS))
			return true;
	return false;
}

int retreat_begin(const struct rollback_options *options, struct retreat *out, struct error *err)
{
	int code;

	*out = (struct retreat){
		.options = options,
		.current = { .fd = -1 },
		.target = { .fd = -1 },
	};
	if (options->dry_run)
		code = state_look(options->root, options->app, &out->state, err);
	else
		code = state_enter_existing(options->root, options->app, &out->state, err);
	if (code == -ENOENT || (!code && !out->state.current))
		return error_set(err, -ENOENT, "%s: nothing is installed", options->app);
	if (!code)
		code = generation_open_number(out->state.fd, out->state.path, out->state.current,
					      options->app, &out->current, err);
	if (!code)
		code = find_target(out, err);
	if (!code)
		code = installation_begin(options->root, &out->kept.admitted, &out->installation, err);
	/* Somebody asks for something older. */
	out->installation.allow_older = true;
	/* What was allowed for kernels of the current generation still is. */
	out->installation.kernels.allow_nearest = has_nearest(&out->current);
	return code;
}

void retreat_end(struct retreat *retreat)
{
	installation_free(&retreat->installation);
	kept_close(&retreat->kept);
	generation_close(&retreat->target);
	generation_close(&retreat->current);
	if (retreat->state.path)
		state_leave(&retreat->state);
}

bool retreat_loses(const struct kernel *kernel)
{
	return kernel->is_named && !kernel->is_covered;
}

static json_t *lost_array(const struct kernels *kernels)
{
	json_t *array = json_array();
	size_t i;

	for (i = 0; i < kernels->count; i++) {
		const struct kernel *kernel = &kernels->items[i];

		if (retreat_loses(kernel))
			json_array_append_new(array, json_pack(
				"{s:s, s:s, s:s}", "release", kernel->release,
				"reason", kernel->plan.reason, "remedy", kernel->plan.remedy));
	}
	return array;
}

static json_t *origin(const struct generation *generation)
{
	return json_pack("{s:s, s:i}", "version", generation->version,
			 "generation", (int)generation->number);
}

static int print_json(const struct retreat *retreat, const char *result, enum exit_status status,
		      const struct publication *publication, struct error *err)
{
	return document_print(json_pack(
		"{s:i, s:s, s:s, s:i, s:o, s:o, s:o, s:s?, s:o, s:O}",
		"schema", ROLLBACK_SCHEMA, "app", retreat->options->app, "result", result,
		"status", status, "from", origin(&retreat->current),
		"to", origin(&retreat->target), "generation",
		publication->number ? json_integer(publication->number) : json_null(),
		"path", publication->path, "lost", lost_array(&retreat->installation.kernels),
		"plan", retreat->installation.plan), err);
}

static void print_text(const struct retreat *retreat, enum retreat_result result,
		       const struct publication *publication)
{
	const struct kernels *kernels = &retreat->installation.kernels;
	const char *app = retreat->options->app, *from = retreat->current.version;
	const char *to = retreat->target.version;
	size_t i;

	switch (result) {
	case RETREAT_DONE:
		printf("%s %s: %srolled back%s from %s, in %s\n", app, to, console_green(),
		       console_plain(), from, publication->path);
		break;
	case RETREAT_DRY_RUN:
		printf("%s %s: would be rolled back to %s; nothing was written\n", app, from, to);
		break;
	case RETREAT_REFUSED:
		printf("%s %s: stays: %s does not serve every kernel that is served now\n", app,
		       from, to);
		break;
	}
	for (i = 0; i < kernels->count; i++)
		install_report_kernel(&kernels->items[i]);
}

int retreat_report(const struct retreat *retreat, enum retreat_result result,
		   enum exit_status status, const struct publication *publication,
		   struct error *err)
{
	static const char *const NAMES[] = {
		[RETREAT_DONE] = "rolled-back",
		[RETREAT_DRY_RUN] = "dry-run",
		[RETREAT_REFUSED] = "refused",
	};
	const struct kernels *kernels = &retreat->installation.kernels;
	int code = 0;
	size_t i;

	if (retreat->options->json)
		code = print_json(retreat, NAMES[result], status, publication, err);
	else
		print_text(retreat, result, publication);
	for (i = 0; i < kernels->count; i++)
		if (retreat_loses(&kernels->items[i]))
			console_error("rollback: %s: is served by %s %s, and would not be by %s: %s %s",
				      kernels->items[i].release, retreat->options->app,
				      retreat->current.version, retreat->target.version,
				      kernels->items[i].plan.reason, kernels->items[i].plan.remedy);
	if (!code && (fflush(stdout) || ferror(stdout)))
		code = error_errno(err, -EIO, "standard output");
	return code;
}
