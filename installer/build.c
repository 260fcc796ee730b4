/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Command `build`.  It finds out whether the kernel needs it, has builder/ try the ways, and ends
 * in a new generation, as any install; or in a file, where the build is not on the host that it is
 * for; or, where nothing could be made, in what to type (exit 3).
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host/os_release.h"
#include "host/root.h"
#include "lib/console.h"
#include "lib/file.h"

#include "installer/build.h"
#include "installer/build_report.h"
#include "installer/install.h"
#include "installer/installation.h"
#include "installer/plan_text.h"

/* Everything on the way. */
struct work {
	const struct build_options *options;
	struct installation installation; /* of the kernel alone: what there is without a build */
	struct kernel *kernel;
	struct build build;
	char *command;           /* that starts this program again, as a shell takes it */
	struct instructions_request instructions;
	struct build_report report;
};

/* Elsewhere, a kernel of another architecture can be built for. */
static int turn_to(struct installation *installation, const char *arch, struct error *err)
{
	struct facts *facts = &installation->facts;

	if (!arch || !strcmp(arch, facts->arch))
		return 0;
	application_free(&installation->application);
	snprintf(facts->arch, sizeof(facts->arch), "%s", arch);
	snprintf(facts->machine, sizeof(facts->machine), "%s", facts_machine_of_arch(arch));
	return application_load(installation->payload, facts->arch, &installation->application, err);
}

/* A word as a shell takes it. */
static char *quoted(const char *word)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				    "+-./:=@_~";
	char *text;

	if (*word && strspn(word, plain) == strlen(word))
		return strdup(word);
	/* A name with a quote in it is no name that anybody types. */
	return strchr(word, '\'') || asprintf(&text, "'%s'", word) < 0 ? NULL : text;
}

/* How this program, with this payload, is started again. */
static char *command_of(const struct build_options *options)
{
	char *program = quoted(options->invoked), *payload = NULL, *text = NULL;

	if (options->payload_path)
		payload = quoted(options->payload_path);
	if (!program || (options->payload_path && !payload) ||
	    asprintf(&text, "%s%s%s", program, payload ? " --payload " : "", payload ? payload : "") < 0)
		text = NULL;
	free(program);
	free(payload);
	return text;
}

static struct instructions_request instructions_for(const struct work *work,
						    const struct facts *facts, const char *build)
{
	const char *release = work->options->kernel;

	return (struct instructions_request){
		.app = work->options->app,
		.command = work->command,
		.os = &facts->os,
		.release = release ? release : facts->release,
		.build = build,
		.machine = facts->machine,
		.is_running = !release || !strcmp(release, facts->release),
		.is_root = geteuid() == 0,
		.is_image = access("/run/ostree-booted", F_OK) == 0,
	};
}

/* Nothing is looked at but the names of this host and its kernel. */
static enum exit_status print_instructions(const struct build_options *options, struct error *err)
{
	struct work work = { .options = options, .command = command_of(options) };
	struct instructions_request request;
	struct facts facts;
	json_t *document;
	int code, root_fd = root_open(options->root, err);

	facts_name(&facts);
	if (options->arch)
		snprintf(facts.machine, sizeof(facts.machine), "%s",
			 facts_machine_of_arch(options->arch));
	code = root_fd < 0 ? root_fd : os_release_read(root_fd, &facts.os, err);
	if (root_fd >= 0)
		close(root_fd);
	if (!code && !work.command)
		code = error_set(err, -EINVAL, "%s: cannot be quoted for a shell", options->invoked);
	request = instructions_for(&work, &facts,
				   !options->kernel || !strcmp(options->kernel, facts.release) ?
				   facts.build : "");
	if (!code && options->json) {
		document = instructions_json(&request, err);
		code = document ? document_print(document, err) : err->code;
	} else if (!code && options->container) {
		code = instructions_write_container(&request, stdout, err);
	} else if (!code) {
		code = instructions_write(&request, stdout, err);
	}
	free(work.command);
	return code == -EINVAL ? STATUS_USAGE : error_status(code);
}

static int look(struct work *work, struct error *err)
{
	struct installation *installation = &work->installation;
	const char *release = work->options->kernel;
	int code;

	code = installation_begin(work->options->root, work->options->admitted, installation, err);
	if (!code)
		code = turn_to(installation, work->options->arch, err);
	if (!code)
		code = application_load_build(installation->payload, installation->facts.arch,
					      &installation->application, err);
	if (!code)
		code = kernels_add(&installation->kernels, &installation->facts,
				   release ? release : installation->facts.release, true, err);
	if (code)
		return code;
	work->kernel = &installation->kernels.items[0];
	work->command = command_of(work->options);
	if (!work->command)
		return error_errno(err, -ENOMEM, "build");
	work->instructions = instructions_for(work, &installation->facts, work->kernel->build);
	work->report = (struct build_report){
		.app = work->options->app,
		.release = work->kernel->release,
		.build = &work->build,
	};
	return 0;
}

/* Somebody who names a way, a folder or a file wants it made, needed or not. */
static bool is_wanted_anyway(const struct build_options *options)
{
	return options->way || options->headers || options->out;
}

/* Whether the kernel is served already; *reason says by what. */
static int is_served(struct work *work, bool *served, struct error *err)
{
	int code = installation_recall(&work->installation, err);

	if (!code)
		code = installation_decide(&work->installation, err);
	*served = !code && work->kernel->is_covered;
	return code;
}

static int fill_request(const struct work *work, struct build_file **sources,
			struct build_request *out, struct error *err)
{
	const struct application *application = &work->installation.application;
	const struct build_options *options = work->options;
	const bool all = !options->way;
	enum build_way way;
	size_t i;

	*out = (struct build_request){
		.objects = application->objects,
		.object_count = application->object_count,
		.canary = buffer_slice(&application->canary_file.bytes),
		.manifest = &application->manifest,
		.source_count = application->source_count,
		.release = work->kernel->release,
		.build = work->kernel->build,
		.arch = work->installation.facts.arch,
		.is_running = work->kernel->is_running,
		.headers = options->headers,
		.clang = options->clang,
	};
	for (way = 0; way < WAY_COUNT; way++)
		out->ways[way] = all || build_way_of(options->way) == way;
	*sources = calloc(application->source_count + 1, sizeof(**sources));
	if (!*sources)
		return error_errno(err, -ENOMEM, "sources");
	for (i = 0; i < application->source_count; i++)
		(*sources)[i] = (struct build_file){
			application->sources[i].name,
			buffer_slice(&application->sources[i].file.bytes),
		};
	out->sources = *sources;
	return 0;
}

static int try_ways(struct work *work, struct error *err)
{
	struct build_file *sources = NULL;
	struct build_request request;
	int code;

	if (!work->options->json)
		console_note("build: for %s: this takes some seconds; nothing is changed meanwhile",
			     work->kernel->release);
	code = fill_request(work, &sources, &request, err);
	if (!code)
		code = build_run(&request, &work->build, err);
	free(sources);
	return code;
}

static int write_out(struct work *work, struct error *err)
{
	const struct application *application = &work->installation.application;
	struct buffer file = { 0 };
	struct built built;
	int code;

	built_take(&built, &work->build.product, work->kernel->build, application);
	if (!built.build[0])
		snprintf(built.build, sizeof(built.build), "%s", work->build.kernel_build);
	code = built_to_file(&built, work->kernel->release,
			     buffer_slice(&application->object_file.bytes), &file, err);
	if (!code)
		code = file_publish(AT_FDCWD, work->options->out, buffer_slice(&file), 0644, err);
	buffer_free(&file);
	built_free(&built);
	return code;
}

static void print_carry(const struct work *work)
{
	printf("written: %s\nnext, on the host that boots %s: %s install --object %s\n",
	       work->options->out, work->kernel->release, work->report.app, work->options->out);
}

static enum exit_status install_product(struct work *work)
{
	const struct build_options *options = work->options;
	const char *const kernels[] = { work->kernel->release };
	struct install_options install_options = {
		.root = options->root,
		.invoked = options->invoked,
		.trust = options->trust,
		.admitted = options->admitted,
		.allow_older = options->allow_older,
		.payload_named = options->payload_path != NULL,
		.kernels = kernels,
		.kernel_count = 1,
		.others = true,
		.json = options->json,
		.document = options->json ? &work->report.install : NULL,
	};
	struct built built;
	enum exit_status status;

	built_take(&built, &work->build.product, work->kernel->build,
		   &work->installation.application);
	status = install_built(&install_options, &built);
	built_free(&built);
	return status;
}

static enum exit_status finish(struct work *work, struct error *err)
{
	const struct build_options *options = work->options;
	int code = 0;

	if (!options->json)
		build_report_attempts(&work->report);
	if (work->build.product.way == WAY_COUNT) {
		work->report.status = STATUS_NEEDS_BUILD;
		work->report.instructions = &work->instructions;
		if (!options->json) {
			console_error("build: %s: nothing could be made; what to type:",
				      work->kernel->release);
			code = instructions_write(&work->instructions, stdout, err);
		}
	} else if (options->out) {
		code = write_out(work, err);
		if (!code)
			work->report.out = options->out;
		if (!code && !options->json)
			print_carry(work);
	} else {
		work->report.status = install_product(work);
	}
	if (!code && options->json)
		code = build_report_json(&work->report, err);
	return code ? error_status(code) : work->report.status;
}

static bool check_usage(const struct build_options *options)
{
	if (options->way && build_way_of(options->way) == WAY_COUNT) {
		console_error("build: --way %s: is not debug-info, headers or object", options->way);
		return false;
	}
	if (options->arch && (!options->out || !options->kernel) && !options->print) {
		console_error("build: --arch goes with --kernel and --out");
		return false;
	}
	if (options->container && !options->print) {
		console_error("build: --container goes with --print");
		return false;
	}
	if (options->print && is_wanted_anyway(options)) {
		console_error("build: --print builds nothing, so --way, --headers and --out do not go with "
			      "it");
		return false;
	}
	return true;
}

static enum exit_status carry_out(struct work *work, struct error *err)
{
	const struct build_options *options = work->options;
	bool served;
	int code;

	if (!options->out && geteuid() != 0) {
		error_set(err, -EPERM, "only root can install what is made: sudo %s build; or have it "
			  "written to a file: --out FILE", options->invoked);
		return STATUS_BLOCKED;
	}
	code = is_served(work, &served, err);
	if (!code && served && !is_wanted_anyway(options)) {
		if (options->json)
			return error_status(build_report_json(&work->report, err));
		printf("%s: kernel %s needs no build: %s\n", work->report.app, work->report.release,
		       work->kernel->plan.reason);
		return STATUS_DONE;
	}
	if (!code)
		code = try_ways(work, err);
	return code ? error_status(code) : finish(work, err);
}

enum exit_status build(const struct build_options *options)
{
	struct work work = { .options = options, .build.product.way = WAY_COUNT };
	struct error err = ERROR_NONE;
	enum exit_status status;
	int code;

	if (!check_usage(options))
		return STATUS_USAGE;
	if (options->print) {
		status = print_instructions(options, &err);
		if (err.code)
			console_error("build: %s", err.text);
		return status;
	}
	code = look(&work, &err);
	status = code ? (code == -EINVAL ? STATUS_USAGE : code == -ENOENT ? STATUS_NO : error_status(code))
		      : carry_out(&work, &err);
	if (err.code)
		console_error("build: %s", err.text);
	build_free(&work.build);
	json_decref(work.report.install);
	installation_free(&work.installation);
	free(work.command);
	return status;
}
