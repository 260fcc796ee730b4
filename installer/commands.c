/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdio.h>
#include <string.h>

#include "checker/check.h"
#include "lib/console.h"
#include "payload/describe.h"
#include "runtime/run.h"
#include "runtime/settings_list.h"

#include "installer/build.h"
#include "installer/check_built.h"
#include "installer/commands.h"
#include "installer/install.h"
#include "installer/kernel_hook.h"
#include "installer/live.h"
#include "installer/rollback.h"

/* Options of check that name another kernel or host. */
static bool is_elsewhere(const struct options *options)
{
	return strpbrk(options->given, "kRACHF") != NULL;
}

enum exit_status command_check(const struct context *context)
{
	const struct options *options = context->options;
	struct check_built_files built = { .object_path = "" };
	struct error err = ERROR_NONE;
	enum exit_status status;
	int code = 0;
	struct check_options check_options = {
		.root = options->root,
		.trust = &context->trust,
		.payload = context->payload,
		.object = options->object,
		.btf = options->btf,
		.config = options->config,
		.os_release = options->os_release,
		.elsewhere = {
			.kernel = options->kernel_count ? options->kernels[0] : NULL,
			.release = options->release,
			.arch = options->arch,
			.host_root = options->host_root,
			.from = options->from,
		},
		.attach = options->attach_all ? TRIAL_ATTACHES_ALL :
			  options->attach ? TRIAL_ATTACHES : TRIAL_LOADS_ONLY,
		.output = options->facts ? CHECK_FACTS : options->json ? CHECK_JSON :
			  options->prometheus ? CHECK_PROMETHEUS :
			  options->nfd ? CHECK_NFD : CHECK_TEXT,
		.allow_nearest = options->allow_nearest,
		.sets = options->sets,
		.set_count = options->set_count,
		.quiet = options->quiet,
		.verbose = options->verbose,
	};

	/* What the environment names is this host's. */
	if (is_elsewhere(options) && !strchr(options->given, 'b'))
		check_options.btf = NULL;
	if (options->kernel_count > 1) {
		console_error("check: one --kernel at a time");
		return STATUS_USAGE;
	}
	if (options->set_count && options->from) {
		console_error("check: --set goes where --facts are taken: what --from reads was tried "
			      "already");
		return STATUS_USAGE;
	}
	if (options->facts + options->json + options->prometheus + options->nfd > 1) {
		console_error("check: --facts, --json, --prometheus and --nfd do not go together");
		return STATUS_USAGE;
	}
	if (!is_elsewhere(options) && !options->btf && context->payload)
		code = check_built_read(options->root, &context->trust, context->payload, &built,
					&check_options.built, &err);
	status = code ? console_fail("check", &err) : check(&check_options);
	check_built_free(&built);
	return status;
}

enum exit_status command_install(const struct context *context)
{
	const struct options *options = context->options;
	struct install_options install_options = {
		.root = options->root,
		.invoked = options->invoked,
		.trust = &context->trust,
		.admitted = &context->admitted,
		.allow_older = options->allow_older,
		.allow_nearest = options->allow_nearest,
		.payload_named = options->payload != NULL,
		.kernels = options->kernels,
		.kernel_count = options->kernel_count,
		.all_kernels = options->all_kernels,
		.dry_run = options->dry_run,
		.json = options->json,
		/* What the environment names is for one run. */
		.object = strchr(options->given, 'o') ? options->object : NULL,
		.btf = strchr(options->given, 'b') ? options->btf : NULL,
	};

	if (install_options.object && install_options.btf) {
		console_error("install: --object and --btf do not go together: the object takes none");
		return STATUS_USAGE;
	}
	return install(&install_options);
}

enum exit_status command_build(const struct context *context)
{
	const struct options *options = context->options;
	struct build_options build_options = {
		.root = options->root,
		.invoked = options->invoked,
		.app = context->payload ? payload_app(context->payload) : options->app,
		.trust = &context->trust,
		.admitted = context->payload ? &context->admitted : NULL,
		.payload_path = options->payload,
		.allow_older = options->allow_older,
		.kernel = options->kernel_count ? options->kernels[0] : NULL,
		.arch = options->arch,
		.headers = options->headers,
		.clang = options->clang,
		.way = options->way,
		.out = options->out,
		.print = options->print,
		.container = options->container,
		.json = options->json,
	};

	if (options->kernel_count > 1) {
		console_error("build: one --kernel at a time");
		return STATUS_USAGE;
	}
	return build(&build_options);
}

enum exit_status command_run(const struct context *context)
{
	const struct options *options = context->options;
	struct run_options run_options = {
		.root = options->root,
		.trust = &context->trust,
		.app = context->app,
		.object = options->object,
		.btf = options->btf,
		.events = options->events,
		.buffer_size = options->buffer_size,
		.output = options->output,
		.metrics = options->metrics,
		.duration = options->duration,
		.no_canary = options->no_canary,
		.allow_nearest = options->allow_nearest,
		.verbose = options->verbose,
		.dry_run = options->dry_run,
		.sets = options->sets,
		.set_count = options->set_count,
		.table = strcmp(options->format, "table") == 0,
		.event_struct = options->event_struct,
	};

	if (options->settings)
		return run_settings(&run_options, options->json);
	if (options->json) {
		console_error("run: --json goes with --settings; events are JSON unless --format says "
			      "otherwise");
		return STATUS_USAGE;
	}
	return run(&run_options);
}

enum exit_status command_status(const struct context *context)
{
	const struct options *options = context->options;

	if (options->metrics && !options->live) {
		console_error("status: --metrics goes with --live");
		return STATUS_USAGE;
	}
	if (options->live)
		return live(options->root, context->app, options->metrics, options->json);
	return status(options->root, &context->trust, context->app, options->json);
}

enum exit_status command_uninstall(const struct context *context)
{
	return uninstall(context->options->root, context->app, context->options->purge);
}

enum exit_status command_rollback(const struct context *context)
{
	const struct options *options = context->options;
	struct rollback_options rollback_options = {
		.root = options->root,
		.trust = &context->trust,
		.app = context->app,
		.invoked = options->invoked,
		.dry_run = options->dry_run,
		.json = options->json,
	};

	return rollback(&rollback_options);
}

enum exit_status command_kernel_hook(const struct context *context)
{
	const struct options *options = context->options;
	struct kernel_hook_options hook_options = {
		.root = options->root,
		.trust = &context->trust,
		.app = context->app,
		.invoked = options->invoked,
		.action = options->operands[0],
		.release = options->operands[1],
		.image = options->operand_count > 2 ? options->operands[2] : NULL,
		.seconds = options->timeout ? options->timeout : KERNEL_HOOK_SECONDS,
	};

	kernel_hook(&hook_options);
	return STATUS_DONE;
}

enum exit_status command_path(const struct context *context)
{
	const char *what = context->options->operands[0];

	if (strcmp(what, "btf") != 0 && strcmp(what, "object") != 0) {
		console_error("path: `%s`: is not btf or object", what);
		return STATUS_USAGE;
	}
	return path(context->options->root, &context->trust, context->app, what,
		    context->options->allow_nearest);
}

enum exit_status command_list(const struct context *context)
{
	struct error err = ERROR_NONE;

	return payload_list(context->payload, context->options->json, stdout, &err)
		       ? console_fail("list", &err) : STATUS_DONE;
}

/* id is room for the key's identity. */
static struct signature_note signature_note(const struct context *context,
					    char id[static MINISIGN_ID_TEXT])
{
	const struct signature_facts *facts = &context->admitted.facts;

	return (struct signature_note){
		.state = signature_state_name(facts->state),
		.key = facts->state == SIGNATURE_GOOD || facts->state == SIGNATURE_UNKNOWN_KEY ?
		       minisign_id_text(facts->id, id) : NULL,
		.epoch = facts->epoch,
	};
}

enum exit_status command_info(const struct context *context)
{
	char id[MINISIGN_ID_TEXT];
	const struct signature_note note = signature_note(context, id);
	struct error err = ERROR_NONE;

	return payload_info(context->payload, &note, context->options->json, stdout, &err)
		       ? console_fail("info", &err) : STATUS_DONE;
}

enum exit_status command_verify(const struct context *context)
{
	char id[MINISIGN_ID_TEXT];
	const struct signature_note note = signature_note(context, id);
	struct error err = ERROR_NONE;

	if (payload_verify(context->payload, &err))
		return console_fail("verify", &err);
	printf("%s %s: every byte is in place; signature: %s", payload_app(context->payload),
	       payload_app_version(context->payload), note.state);
	if (note.key)
		printf(", key %s", note.key);
	putchar('\n');
	return STATUS_DONE;
}

enum exit_status command_extract(const struct context *context)
{
	struct error err = ERROR_NONE;

	return payload_extract(context->payload, context->options->operands[0], &err)
		       ? console_fail("extract", &err) : STATUS_DONE;
}
