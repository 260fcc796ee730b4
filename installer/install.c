/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Command `install`.  What it promises, in one place:
 *
 * - A kernel is *named* when somebody counts on it: the running one (unless --kernel names others),
 *   and each --kernel.  What --all-kernels finds is a bonus, except the one that runs.
 * - No kernel is served: nothing is published, and the exit code is that of the first named one.
 * - Some are: the generation is published with them.  If one of the named is not, the exit code is
 *   still that one's (3: a kernel-specific build is needed), after saying what to do.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host/kconfig.h"
#include "host/os_release.h"
#include "host/root.h"
#include "lib/console.h"
#include "loader/externs.h"

#include "installer/application.h"
#include "installer/install.h"
#include "installer/plan_text.h"
#include "installer/publish.h"
#include "installer/install_report.h"

static bool is_this_host(const char *root)
{
	return !root || !strcmp(root, "/");
}

/*
 * The kernel's facts are those of the machine we run on, whatever the root: that is what the root
 * is installed for.  The distribution is the root's own, where it says which it is.
 */
static int gather(const char *root, struct facts *facts, struct error *err)
{
	struct os_release os;
	int root_fd, code;

	code = facts_gather(NULL, facts, err);
	if (code || is_this_host(root))
		return code;
	root_fd = root_open(root, err);
	if (root_fd < 0)
		return root_fd;
	code = os_release_read(root_fd, &os);
	close(root_fd);
	if (code)
		return error_errno(err, code, "%s: os-release cannot be read", root);
	if (os.id[0])
		facts->os = os;
	return 0;
}

static int want_kernels(const struct install_options *options, const struct facts *facts,
			struct kernels *kernels, struct error *err)
{
	int code = 0;
	size_t i;

	for (i = 0; !code && i < options->kernel_count; i++)
		code = kernels_add(kernels, facts, options->kernels[i], true, err);
	if (!code && (options->all_kernels ? is_this_host(options->root) : !options->kernel_count))
		code = kernels_add(kernels, facts, facts->release, true, err);
	if (!code && options->all_kernels)
		code = kernels_add_installed(kernels, facts, options->root, err);
	if (!code && !kernels->count)
		code = error_set(err, -ENOENT, "%s: has no kernel below lib/modules",
				 options->root);
	return code;
}

/*
 * The configuration of a kernel, as far as the object asks for it; that of the running one is this
 * host's, as its other facts are.  Where it cannot be had, `run` looks again.
 */
static int add_kconfig(struct contents *contents, const struct object *object,
		       const struct kernel *kernel, const char *root, struct error *err)
{
	struct buffer config = { 0 }, lines = { 0 };
	char path[256];
	int root_fd, code;

	root_fd = root_open(kernel->is_running ? NULL : root, err);
	if (root_fd < 0)
		return root_fd;
	code = kconfig_read(root_fd, kernel->release, kernel->is_running, path, sizeof(path),
			    &config);
	close(root_fd);
	if (code)
		error_errno(err, code, "no kernel configuration to be read");
	else
		code = externs_write(object, buffer_slice(&config), &lines, err);
	buffer_free(&config);
	if (code && code != -ENOMEM) {
		console_warn("kconfig/%s: left out: %s", kernel->release, err->text);
		buffer_free(&lines);
		return 0;
	}
	if (!code) {
		lines.size--; /* the NUL that is for libbpf */
		code = contents_take(contents, &lines, err, "kconfig/%s", kernel->release);
	}
	buffer_free(&lines);
	return code;
}

static int add_kernel(struct contents *contents, const struct install_options *options,
		      const struct application *application, const struct kernel *kernel,
		      struct error *err)
{
	struct buffer btf = { 0 };
	int code = 0;

	if (!strcmp(kernel->source, "kernel")) {
		code = contents_link(contents, err, "btf/%s.btf", kernel->release);
	} else if (!strcmp(kernel->source, "stored")) {
		code = payload_btf(options->payload, kernel->btf, &btf, err);
		if (!code)
			code = contents_take(contents, &btf, err, "btf/%s.btf", kernel->release);
		buffer_free(&btf);
	}
	if (!code && externs_ask(application->object))
		code = add_kconfig(contents, application->object, kernel, options->root, err);
	return code;
}

/* Everything of the generation but its plan.  The payload and the application keep the bytes. */
static int fill(struct contents *contents, const struct install_options *options,
		const struct application *application, const struct kernels *kernels,
		struct error *err)
{
	int code;
	size_t i;

	code = contents_borrow(contents, payload_bytes(options->payload), err, "payload");
	if (!code)
		code = contents_borrow(contents, buffer_slice(&application->manifest_text), err,
				       "manifest.ini");
	if (!code)
		code = contents_borrow(contents, buffer_slice(&application->object_bytes), err,
				       "%s.bpf.o", payload_app(options->payload));
	if (!code && application->has_canary)
		code = contents_borrow(contents, buffer_slice(&application->canary_bytes), err,
				       "canary.bpf.o");
	for (i = 0; !code && i < kernels->count; i++)
		code = add_kernel(contents, options, application, &kernels->items[i], err);
	contents_sort(contents);
	return code;
}

/* See the top of this file. */
static enum exit_status judge(const struct kernels *kernels, bool *is_any_covered)
{
	enum exit_status status = STATUS_DONE;
	size_t i;

	*is_any_covered = false;
	for (i = 0; i < kernels->count; i++) {
		const struct kernel *kernel = &kernels->items[i];

		*is_any_covered |= kernel->is_covered;
		if (kernel->is_named && status == STATUS_DONE)
			status = kernel->plan.status;
	}
	/* An image without a named kernel, and none of those in it is served. */
	if (!*is_any_covered && status == STATUS_DONE)
		status = kernels->items[0].plan.status;
	return status;
}

static enum exit_status fail_publish(const struct install_options *options, uint64_t disk_size,
				     struct error *err)
{
	if ((err->code == -EACCES || err->code == -EPERM) && geteuid() != 0)
		console_error("install: %s: only root can install there: sudo %s install",
			      err->text, options->invoked);
	else if (err->code == -ENOSPC || err->code == -EDQUOT)
		console_error("install: %s: it takes %llu KiB: free as much and install again; what "
			      "was installed before is untouched", err->text,
			      (unsigned long long)disk_size / 1024);
	else
		return console_fail("install", err);
	return error_status(err->code);
}

/* With everything decided and in memory: writes it, or says what would be written. */
static enum exit_status carry_out(struct install_report *report,
				  const struct install_options *options,
				  const struct contents *contents, struct error *err)
{
	struct publication publication = { 0 };
	struct buffer text = { 0 };
	uint64_t disk_size = 0;
	bool is_any_covered;
	int code = 0;

	report->status = judge(report->kernels, &is_any_covered);
	report->result = RESULT_REFUSED;
	if (is_any_covered && options->dry_run) {
		report->result = RESULT_DRY_RUN;
	} else if (is_any_covered) {
		code = plan_text(report->plan, &text, err);
		if (!code)
			code = publish(options->root, payload_app(options->payload), contents,
				       buffer_slice(&text), &publication, err);
		disk_size = contents_disk_size(contents, text.size);
		buffer_free(&text);
		if (code) {
			free(publication.path);
			return fail_publish(options, disk_size, err);
		}
		report->result = publication.was_there ? RESULT_ALREADY : RESULT_INSTALLED;
		report->number = publication.number;
		report->path = publication.path;
	}
	code = install_report_print(report, options, err);
	free(publication.path);
	return code ? console_fail("install", err) : report->status;
}

enum exit_status install(const struct install_options *options)
{
	struct error err = ERROR_NONE;
	struct application application = { 0 };
	struct contents contents = { 0 };
	struct kernels kernels = { 0 };
	struct install_report report = { .kernels = &kernels, .contents = &contents };
	enum exit_status status;
	struct facts facts;
	int code;

	if (gather(options->root, &facts, &err))
		return console_fail("install", &err);
	code = application_load(options->payload, facts.arch, &application, &err);
	if (!code)
		code = want_kernels(options, &facts, &kernels, &err);
	if (!code)
		code = kernels_decide(&kernels, &facts, &application.needs, options->payload,
				      options->root, &err);
	if (!code)
		code = fill(&contents, options, &application, &kernels, &err);
	if (!code) {
		report.plan = plan_document(options->payload, facts.arch, &kernels, &contents);
		status = carry_out(&report, options, &contents, &err);
	} else {
		console_error("install: %s", err.text);
		status = code == -EINVAL ? STATUS_USAGE : code == -ENOENT ? STATUS_NO
									  : error_status(code);
	}
	json_decref(report.plan);
	contents_free(&contents);
	kernels_free(&kernels);
	application_free(&application);
	return status;
}
