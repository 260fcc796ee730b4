/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/ask.h"
#include "host/btf_file.h"
#include "lib/console.h"
#include "loader/libbpf_log.h"

#include "checker/check.h"
#include "checker/checked_host.h"
#include "checker/gather.h"
#include "checker/input.h"
#include "checker/record.h"
#include "checker/report.h"
#include "checker/verdict.h"

/* Everything that a check holds while it works; release() frees it. */
struct check {
	const struct check_options *options;
	struct report report;
	struct input input;
	struct checked_host host;
	struct buffer btf;       /* what relocations are resolved with */
	struct buffer reduced, canary_btf; /* what is left of it for the object and for the canary */
	struct reloset *questions;
	bool stored_covers;      /* the stored BTF answers the object's questions */
	char candidates[512];
	bool wrong_set;          /* what --set says cannot be set in this object */
};

static void forget_trial(struct report *report)
{
	evidence_free(&report->evidence);
	trial_free(&report->trial);
	free(report->levels);
	report->levels = NULL;
}

static void release(struct check *c)
{
	forget_trial(&c->report);
	facts_free(&c->report.facts);
	plan_free(&c->report.plan);
	answers_free(&c->report.answers);
	needs_free(&c->report.needs);
	if (c->questions)
		reloset_destroy(c->questions);
	buffer_free(&c->btf);
	buffer_free(&c->reduced);
	buffer_free(&c->canary_btf);
	checked_host_free(&c->host);
	input_free(&c->input);
}

static struct subject subject_of(const struct check *c)
{
	const struct input *input = &c->input;

	return (struct subject){
		.object = input->object,
		.bytes = buffer_slice(&input->object_bytes),
		.name = input->object_name,
		.given = c->options->object != NULL,
		.manifest = input->has_manifest ? &input->manifest : NULL,
		.needs = &c->report.needs,
		.plan = &c->report.plan,
		.facts = &c->report.facts,
		.sets = c->options->sets,
		.set_count = c->options->set_count,
	};
}

/* Before anything is tried: a wrong option is no answer about this host. */
static int check_settings(struct check *c, struct error *err)
{
	const struct subject subject = subject_of(c);
	const struct settings settings = request_settings(&subject);
	int code;

	libbpf_log_start(LIBBPF_LOG_SILENT);
	code = settings_check(subject.bytes, subject.name, &settings, err);
	c->wrong_set = code == -EINVAL;
	return code;
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
	if (!code)
		code = check_settings(c, err);
	report->object = c->input.object;
	report->object_given = c->options->object != NULL;
	report->questions = c->questions;
	report->name = c->options->payload ? report->app : c->input.object_name;
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

/* What stands for "/" of the host that is checked; NULL for "/". */
static const char *root_of(const struct check *c)
{
	return c->options->elsewhere.host_root ? c->options->elsewhere.host_root : c->options->root;
}

static int make_plan(struct check *c, struct error *err)
{
	struct report *report = &c->report;
	/* Of a kernel that is not here, the BTF that was named is the one that it exposes, if it does. */
	bool exposes = !facts_are_live(&report->facts) &&
		       report->facts.kernel_has_btf.truth == TRUTH_YES;
	struct situation situation = {
		.app = report->app,
		.facts = &report->facts,
		.needs = &report->needs,
		.given_object = c->options->object,
		.given_btf = exposes ? NULL : c->options->btf,
	};
	int code;

	if (c->options->payload) {
		report->selection = select_btf(c->options->payload, report->facts.arch,
					       report->facts.release, report->facts.build,
					       &report->facts.os);
		if (c->options->allow_nearest)
			select_neighbours(&report->selection);
		if (report->selection.state == SELECTED)
			situation.stored = STORED_ONE;
		if (report->selection.rule == BY_NEIGHBOURS) {
			neighbours_say(&report->selection.neighbours, c->options->payload, c->candidates,
				       sizeof(c->candidates));
			situation.neighbours = c->candidates;
		}
		if (report->selection.state == AMBIGUOUS) {
			situation.stored = STORED_AMBIGUOUS;
			list_candidates(c);
			situation.candidates = c->candidates;
		}
		code = input_covered(&c->input, &c->stored_covers, err);
		if (code)
			return code;
		situation.stored_covers = c->stored_covers;
	}
	/* As in an install, it goes before what was packed. */
	report->is_built = c->options->built.btf.size > 0 || c->options->built.object.size > 0;
	if (c->options->built.btf.size) {
		situation.stored = STORED_ONE;
		situation.stored_is_built = true;
	} else if (c->options->built.object.size) {
		situation.stored = STORED_NONE;
		situation.built_here = c->options->built.object_path;
	}
	return decide(&situation, &report->plan, err);
}

static int read_stored_btf(struct check *c, struct error *err)
{
	const struct payload *payload = c->options->payload;
	const struct slice built = c->options->built.btf;

	if (built.size)
		return buffer_append(&c->btf, built.data, built.size) ?
		       error_errno(err, -ENOMEM, "BTF") : 0;

	return payload_btf(payload, payload_kernel(payload, c->report.selection.kernel).btf, &c->btf,
			   err);
}

/*
 * The BTF that a kernel which does not run here will expose: a file of it, else the one that is
 * stored for it, which answers its objects in the same way; else none is at hand.
 */
static int read_absent_btf(struct check *c, struct error *err)
{
	struct report *report = &c->report;
	int code;

	if (c->host.btf.size) {
		memcpy(report->btf_path, c->host.btf_path, sizeof(report->btf_path));
		c->btf = c->host.btf;
		c->host.btf = (struct buffer){ .size = 0 };
		return 0;
	}
	snprintf(report->btf_path, sizeof(report->btf_path), "%s", report->facts.btf_source_path);
	code = record_read_btf(c->host.document, c->questions, &c->btf, err);
	if (code || c->btf.size)
		return code;
	report->btf_path[0] = '\0';
	if (report->selection.state != SELECTED || !c->stored_covers)
		return 0;
	return read_stored_btf(c, err);
}

/* The bytes of the BTF that the plan names. */
static int read_btf(struct check *c, struct error *err)
{
	struct report *report = &c->report;
	const char *root = root_of(c);

	switch (report->plan.btf) {
	case BTF_GIVEN:
		return read_absent_btf(c, err);
	case BTF_KERNEL:
		if (!facts_are_live(&report->facts))
			return read_absent_btf(c, err);
		snprintf(report->btf_path, sizeof(report->btf_path), "%.240s%s",
			 root ? root : "", report->facts.btf_source_path);
		if (report->facts.kernel_has_btf.truth == TRUTH_YES)
			return 0; /* the facts have it */
		return btf_file_read(AT_FDCWD, report->btf_path, &c->btf, err);
	case BTF_STORED:
		return read_stored_btf(c, err);
	default:
		return 0;
	}
}

/* The least BTF that answers an object's questions; libbpf reads it in no time. */
static int reduce_for_canary(struct check *c, const struct btf_view *view, struct error *err)
{
	struct answers answers = { .states = NULL };
	struct reloset *questions = NULL;
	struct object *canary = NULL;
	int code;

	if (c->input.canary.size == 0)
		return 0;
	code = object_open(buffer_slice(&c->input.canary), "canary", &canary, err);
	if (!code)
		code = reloset_create(&canary, 1, &questions, err);
	if (!code)
		code = reduce_kernel(questions, view, false, &c->canary_btf, &answers, err);
	answers_free(&answers);
	if (questions)
		reloset_destroy(questions);
	if (canary)
		object_close(canary);
	return code;
}

/* Answers the object's questions, and leaves of the BTF what answers them. */
static int resolve_with(struct check *c, const struct btf_view *view, struct error *err)
{
	int code = reduce_kernel(c->questions, view, false, &c->reduced, &c->report.answers, err);

	return code ? code : reduce_for_canary(c, view, err);
}

static int resolve(struct check *c, struct error *err)
{
	const struct btf_view *own = facts_kernel_btf(&c->report.facts);
	struct btf_view view;
	int code;

	code = read_btf(c, err);
	if (code)
		return code;
	if (c->btf.size == 0)
		return own && c->report.plan.btf == BTF_KERNEL ? resolve_with(c, own, err) : 0;
	code = btf_view_open(&view, buffer_slice(&c->btf), err);
	if (code)
		return code;
	code = resolve_with(c, &view, err);
	btf_view_close(&view);
	return code;
}

static int try_loading(struct check *c, struct error *err)
{
	struct report *report = &c->report;
	const struct input *input = &c->input;
	const struct trial_input trial = {
		.subject = subject_of(c),
		.root = root_of(c),
		.btf = buffer_slice(&c->reduced),
		.canary = buffer_slice(&input->canary),
		.canary_btf = report->plan.object == OBJECT_BUILT_HERE ? c->options->built.canary_btf :
			      buffer_slice(&c->canary_btf),
		.attach = c->options->attach,
		.alone = report->plan.status != STATUS_DONE,
	};
	struct load_request request;

	request = request_of(&trial.subject, NULL, NULL);
	report->events_map = request.events_map;
	report->events = event_way_of(input->object, request.events_map, request.kernel_has_ringbuf);
	report->untried = !facts_are_live(&report->facts);
	/* A program that stands in the way of the whole does not keep the others from being tried. */
	if (report->plan.status == STATUS_NO && facts_are_live(&report->facts))
		return trial_run(&trial, &report->trial, err);
	if (report->plan.status != STATUS_DONE)
		trial_skip(&report->trial, "the plan stops before it.");
	else if (report->facts.recorded)
		return record_read_trial(c->host.document, input, buffer_slice(&c->btf), report, err);
	else if (!facts_are_live(&report->facts))
		trial_skip(&report->trial, "this is not the kernel that runs here.");
	else
		return trial_run(&trial, &report->trial, err);
	return 0;
}

static int judge(struct check *c, struct error *err)
{
	struct report *report = &c->report;
	size_t i;
	int code;

	report->levels = calloc(report->needs.program_count + 1, sizeof(*report->levels));
	if (!report->levels)
		return error_errno(err, -ENOMEM, "report");
	code = gather(report, c->options->output == CHECK_FACTS, err);
	if (code)
		return code;
	for (i = 0; i < report->needs.program_count; i++)
		levels_judge(&report->evidence, i, report->levels[i]);
	items_judge(&report->evidence, report->items);
	verdict_conclude(report);
	return 0;
}

/* The first program that cannot run and has an alternative gets it, as `run` does. */
static bool replace_program(struct report *report)
{
	size_t i, k;

	for (i = 0; report->plan.status == STATUS_DONE && i < report->needs.program_count; i++)
		for (k = 0; k <= LEVEL_ATTACHES; k++)
			if (report->levels[i][k].answer == ANSWER_NO &&
			    plan_replace(&report->plan, &report->needs, report->needs.programs[i].name,
					 report->levels[i][k].reason))
				return true;
	return false;
}

/* Until no program is left that could be replaced; each is at most once. */
static int try_and_judge(struct check *c, struct error *err)
{
	int code;

	for (;;) {
		code = try_loading(c, err);
		if (!code)
			code = judge(c, err);
		if (code || !replace_program(&c->report))
			return code;
		forget_trial(&c->report);
	}
}

static int examine(struct check *c, struct error *err)
{
	struct report *report = &c->report;
	const struct payload *payload = c->options->payload;
	int code;

	report->payload = payload;
	report->app = payload ? payload_app(payload) : console_program();
	report->app_version = payload ? payload_app_version(payload) : "";
	code = checked_host_read(c->options, &report->facts, &c->host, err);
	if (!code && !payload && !c->options->object)
		return 0; /* --facts, for any object */
	if (!code)
		code = read_input(c, err);
	if (!code)
		code = make_plan(c, err);
	if (!code)
		code = resolve(c, err);
	return code ? code : try_and_judge(c, err);
}

static int print_json(json_t *document, struct error *err)
{
	int code = 0;

	if (!document)
		return error_errno(err, -ENOMEM, "report");
	if (json_dumpf(document, stdout, JSON_INDENT(2)) || putchar('\n') == EOF)
		code = error_errno(err, -EIO, "standard output");
	json_decref(document);
	return code;
}

/* With all that a check of the object asked, and what other objects may ask. */
static int print_facts(struct check *c, struct error *err)
{
	const struct report *report = &c->report;
	json_t *document;
	int code = 0;

	if (facts_are_live(&report->facts))
		ask_inventory(&report->facts);
	document = facts_to_json(&report->facts, true);
	if (document && report->object)
		code = record_write(report, &c->input, buffer_slice(&c->btf),
				    buffer_slice(&c->reduced), document, err);
	if (code) {
		json_decref(document);
		return code;
	}
	console_note("check: these are facts, not a verdict: `%s check --from FILE` judges them",
		     console_program());
	return print_json(document, err);
}

static int print(struct check *c, struct error *err)
{
	const struct report *report = &c->report;

	switch (c->options->output) {
	case CHECK_FACTS:
		return print_facts(c, err);
	case CHECK_JSON:
		return print_json(report_to_json(report), err);
	case CHECK_PROMETHEUS:
		report_print_prometheus(report, stdout);
		return 0;
	case CHECK_NFD:
		report_print_nfd(report, stdout);
		return 0;
	case CHECK_TEXT:
		report_print(report, c->options->quiet ? REPORT_SHORT :
			     c->options->verbose ? REPORT_LONG : REPORT_USUAL, stdout);
		return 0;
	}
	return 0;
}

enum exit_status check(const struct check_options *options)
{
	struct check c = { .options = options };
	struct error err = ERROR_NONE;
	enum exit_status status;
	int code;

	if (!options->payload && !options->object && options->output != CHECK_FACTS) {
		console_error("check: nothing to check: there is no payload, so name an object with "
			      "--object FILE");
		return STATUS_USAGE;
	}
	if (!checked_host_is_clear(options))
		return STATUS_USAGE;
	code = examine(&c, &err);
	if (!code)
		code = print(&c, &err);
	if (!code && fflush(stdout))
		code = error_errno(&err, -errno, "standard output");
	status = code ? console_fail("check", &err) :
		 options->output == CHECK_FACTS ? STATUS_DONE : c.report.status;
	if (code && (c.host.contradiction || c.wrong_set))
		status = STATUS_USAGE;
	release(&c);
	return status;
}
