/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>

#include "host/btf_file.h"
#include "lib/console.h"

#include "checker/check.h"
#include "checker/input.h"
#include "checker/report.h"
#include "checker/verdict.h"

/* Everything that a check holds while it works; release() frees it. */
struct check {
	const struct check_options *options;
	struct report report;
	struct input input;
	struct buffer btf;
	struct reloset *questions;
	char candidates[512];
};

static void release(struct check *c)
{
	plan_free(&c->report.plan);
	answers_free(&c->report.answers);
	needs_free(&c->report.needs);
	if (c->questions)
		reloset_destroy(c->questions);
	buffer_free(&c->btf);
	input_free(&c->input);
}

/* What the object asks and needs. */
static int read_input(struct check *c, struct error *err)
{
	struct report *report = &c->report;
	const struct manifest *manifest;
	int code;

	code = input_read(c->options, report->facts.arch, report->app, &c->input, err);
	if (code)
		return code;
	manifest = c->input.has_manifest ? &c->input.manifest : NULL;
	code = reloset_create(&c->input.object, 1, &c->questions, err);
	if (!code)
		code = needs_of(c->input.object, manifest, &report->needs, err);
	report->object = c->input.object;
	report->object_given = c->options->object != NULL;
	report->questions = c->questions;
	return code;
}

/* "debian 12 (#1 SMP ...), ubuntu 22.04" */
static void list_candidates(struct check *c)
{
	const struct selection *selection = &c->report.selection;
	size_t i, used = 0, size = sizeof(c->candidates);

	for (i = selection->first; i < selection->first + selection->count && used < size; i++) {
		struct payload_kernel kernel = payload_kernel(c->options->payload, i);

		used += (size_t)snprintf(c->candidates + used, size - used, "%s%s %s%s%s%s",
					 used ? ", " : "", kernel.distro, kernel.version_id,
					 kernel.build[0] ? " (" : "", kernel.build,
					 kernel.build[0] ? ")" : "");
	}
}

static int make_plan(struct check *c, struct error *err)
{
	struct report *report = &c->report;
	struct situation situation = {
		.app = report->app,
		.facts = &report->facts,
		.needs = &report->needs,
		.given_object = c->options->object,
		.given_btf = c->options->btf,
	};
	int code;

	if (c->options->payload) {
		report->selection = select_btf(c->options->payload, report->facts.arch,
					       report->facts.release, report->facts.build,
					       &report->facts.os);
		if (report->selection.state == SELECTED)
			situation.stored = STORED_ONE;
		if (report->selection.state == AMBIGUOUS) {
			situation.stored = STORED_AMBIGUOUS;
			list_candidates(c);
			situation.candidates = c->candidates;
		}
		code = input_covered(&c->input, &situation.stored_covers, err);
		if (code)
			return code;
	}
	return decide(&situation, &report->plan, err);
}

/* A BTF that was named is read at once: a damaged one is an error even where none would be used. */
static int read_given_btf(struct check *c, struct error *err)
{
	return c->options->btf ? btf_file_read(AT_FDCWD, c->options->btf, &c->btf, err) : 0;
}

/* The bytes of the BTF that the plan names. */
static int read_btf(struct check *c, struct error *err)
{
	struct report *report = &c->report;
	const char *root = c->options->root ? c->options->root : "";

	switch (report->plan.btf) {
	case BTF_GIVEN:
		snprintf(report->btf_path, sizeof(report->btf_path), "%s", c->options->btf);
		return 0;
	case BTF_KERNEL:
		snprintf(report->btf_path, sizeof(report->btf_path), "%.240s%s", root,
			 report->facts.btf_source_path);
		return btf_file_read(AT_FDCWD, report->btf_path, &c->btf, err);
	case BTF_STORED:
		return payload_btf(c->options->payload,
				   payload_kernel(c->options->payload, report->selection.kernel).btf,
				   &c->btf, err);
	default:
		return 0;
	}
}

static int resolve(struct check *c, struct error *err)
{
	struct btf_view view;
	int code;

	code = read_btf(c, err);
	if (code || c->report.plan.btf == BTF_NONE)
		return code;
	code = btf_view_open(&view, buffer_slice(&c->btf), err);
	if (code)
		return code;
	code = answers_resolve(c->questions, &view, &c->report.answers, err);
	btf_view_close(&view);
	return code;
}

static int try_loading(struct check *c, struct error *err)
{
	struct report *report = &c->report;
	const struct input *input = &c->input;
	const struct trial_input trial = {
		.subject = {
			.object = input->object,
			.bytes = buffer_slice(&input->object_bytes),
			.name = input->object_name,
			.given = c->options->object != NULL,
			.manifest = input->has_manifest ? &input->manifest : NULL,
			.needs = &report->needs,
			.plan = &report->plan,
			.facts = &report->facts,
		},
		.root = c->options->root,
		.btf = buffer_slice(&c->btf),
		.canary = buffer_slice(&input->canary),
	};

	if (report->plan.status != STATUS_DONE)
		trial_skip(&report->trial, "the plan stops before it.");
	else if (report->facts.cap_bpf.truth != TRUTH_YES)
		trial_skip(&report->trial,
			   "loading needs CAP_BPF and CAP_PERFMON, so run this as root.");
	else
		return trial_run(&trial, &report->trial, err);
	return 0;
}

static int examine(struct check *c, struct error *err)
{
	struct report *report = &c->report;
	const struct payload *payload = c->options->payload;
	int code;

	report->payload = payload;
	report->app = payload ? payload_app(payload) : console_program();
	report->app_version = payload ? payload_app_version(payload) : "";
	code = facts_gather(c->options->root, &report->facts, err);
	if (!code)
		code = read_given_btf(c, err);
	if (!code)
		code = read_input(c, err);
	if (!code)
		code = make_plan(c, err);
	if (!code)
		code = resolve(c, err);
	if (!code)
		code = try_loading(c, err);
	if (!code)
		verdict_conclude(report);
	return code;
}

static int print_json(const struct report *report, struct error *err)
{
	json_t *document = report_to_json(report);
	int code = 0;

	if (!document)
		return error_errno(err, -ENOMEM, "report");
	if (json_dumpf(document, stdout, JSON_INDENT(2)) || putchar('\n') == EOF)
		code = error_errno(err, -EIO, "standard output");
	json_decref(document);
	return code;
}

enum exit_status check(const struct check_options *options)
{
	struct check c = { .options = options };
	struct error err = ERROR_NONE;
	enum exit_status status;
	int code;

	if (!options->payload && !options->object) {
		console_error("check: nothing to check: there is no payload, so name an object with "
			      "--object FILE");
		return STATUS_USAGE;
	}
	code = examine(&c, &err);
	if (!code && options->json)
		code = print_json(&c.report, &err);
	else if (!code)
		report_print(&c.report, options->verbose, stdout);
	if (!code && fflush(stdout))
		code = error_errno(&err, -errno, "standard output");
	status = code ? console_fail("check", &err) : c.report.status;
	release(&c);
	return status;
}
