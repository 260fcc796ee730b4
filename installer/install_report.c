/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "lib/console.h"

#include "installer/plan_text.h"
#include "installer/install_report.h"

enum { INSTALL_SCHEMA = 1 };

static const char *result_name(enum install_result result)
{
	static const char *const names[] = {
		[RESULT_INSTALLED] = "installed",
		[RESULT_ALREADY] = "already-installed",
		[RESULT_DRY_RUN] = "dry-run",
		[RESULT_REFUSED] = "refused",
	};

	return names[result];
}

static json_t *remedies(const struct kernels *kernels)
{
	json_t *array = json_array();
	size_t i;

	for (i = 0; i < kernels->count; i++)
		if (!kernels->items[i].is_covered)
			json_array_append_new(array, json_pack("{s:s, s:s}",
				"release", kernels->items[i].release,
				"remedy", kernels->items[i].plan.remedy));
	return array;
}

static int print_json(const struct install_report *report, const struct install_options *options,
		      struct error *err)
{
	json_t *document = json_pack(
		"{s:i, s:s, s:i, s:o, s:s?, s:o, s:O}", "schema", INSTALL_SCHEMA,
		"result", result_name(report->result), "status", report->status,
		"generation", report->number ? json_integer(report->number) : json_null(),
		"path", report->path, "remedies", remedies(report->kernels),
		"plan", report->plan);

	if (!options->document)
		return document_print(document, err);
	*options->document = document;
	return document ? 0 : error_errno(err, -ENOMEM, "report");
}

void install_report_kernel(const struct kernel *kernel)
{
	printf("  %s%s%s%s\n", console_bold(), kernel->release, console_plain(),
	       kernel->is_running ? " (running)" : "");
	if (!kernel->is_covered)
		printf("    %snot served%s: %s\n", console_red(), console_plain(),
		       kernel->plan.reason);
	else if (!strcmp(kernel->source, "stored"))
		printf("    stored BTF, chosen by %s: %s\n", kernel->rule, kernel->plan.reason);
	else if (!strcmp(kernel->source, "built"))
		printf("    BTF that was made here (%s): %s\n", kernel->rule, kernel->plan.reason);
	else if (!strcmp(kernel->source, "kernel"))
		printf("    the kernel's own BTF: %s\n", kernel->plan.reason);
	else
		printf("    no BTF stored: %s\n", kernel->plan.reason);
}

static void print_contents(const struct contents *contents)
{
	size_t i;

	for (i = 0; i < contents->count; i++)
		printf("  %10zu  %s\n", contents->files[i].bytes.size, contents->files[i].path);
	for (i = 0; i < contents->link_count; i++)
		printf("        link  %s -> %s\n", contents->links[i], CONTENTS_KERNEL_BTF);
}

/* The command line that runs what was installed, as it must be typed here. */
static void print_next(const struct install_options *options)
{
	const char *app = payload_app(options->admitted->payload);
	bool is_nameless = options->payload_named || !strcmp(console_program(), "btferry");

	printf("next: %s%s%s%s%s run\n", options->invoked, is_nameless ? " --app " : "",
	       is_nameless ? app : "", options->root ? " --root " : "",
	       options->root ? options->root : "");
}

static void print_text(const struct install_report *report, const struct install_options *options)
{
	const char *app = payload_app(options->admitted->payload);
	const char *version = payload_app_version(options->admitted->payload);
	size_t i;

	switch (report->result) {
	case RESULT_INSTALLED:
		printf("%s %s: %sinstalled%s in %s\n", app, version, console_green(),
		       console_plain(), report->path);
		break;
	case RESULT_ALREADY:
		printf("%s %s: already installed in %s, intact; nothing was written\n", app,
		       version, report->path);
		break;
	case RESULT_DRY_RUN:
		printf("%s %s: would be installed; nothing was written\n", app, version);
		break;
	case RESULT_REFUSED:
		printf("%s %s: not installed: no kernel would be served\n", app, version);
		break;
	}
	for (i = 0; i < report->kernels->count; i++)
		install_report_kernel(&report->kernels->items[i]);
	if (report->result == RESULT_DRY_RUN)
		print_contents(report->contents);
	else if (report->status == STATUS_DONE)
		print_next(options);
}

static void print_remedies(const struct kernels *kernels)
{
	size_t i;

	for (i = 0; i < kernels->count; i++) {
		const struct kernel *kernel = &kernels->items[i];

		if (kernel->is_covered)
			continue;
		if (kernel->is_named)
			console_error("install: %s: %s %s", kernel->release, kernel->plan.reason,
				      kernel->plan.remedy);
		else
			console_warn("install: %s: %s", kernel->release, kernel->plan.reason);
	}
}

int install_report_print(const struct install_report *report,
			 const struct install_options *options, struct error *err)
{
	int code = 0;

	if (options->json)
		code = print_json(report, options, err);
	else
		print_text(report, options);
	print_remedies(report->kernels);
	if (!code && (fflush(stdout) || ferror(stdout)))
		code = error_errno(err, -EIO, "standard output");
	return code;
}
