/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Command `install`.  What it promises, in one place:
 *
 * - A kernel is *named* when somebody counts on it: the running one (unless --kernel names others),
 *   and each --kernel.  What else is below lib/modules is a bonus: without --kernel, or with
 *   --all-kernels.
 * - No kernel is served: nothing is published, and the exit code is that of the first named one.
 * - Some are: the generation is published with them.  If one of the named is not, the exit code is
 *   still that one's (3: a kernel-specific build is needed), after saying what to do.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "lib/console.h"

#include "installer/install.h"
#include "installer/install_report.h"
#include "installer/installation.h"

static int want_kernels(const struct install_options *options, const struct facts *facts,
			struct kernels *kernels, struct error *err)
{
	const bool wants_all = options->all_kernels || options->others || !options->kernel_count;
	const bool wants_running = options->all_kernels ? installation_is_here(options->root) :
				   !options->kernel_count;
	int code = 0;
	size_t i;

	for (i = 0; !code && i < options->kernel_count; i++)
		code = kernels_add(kernels, facts, options->kernels[i], true, err);
	if (!code && wants_running)
		code = kernels_add(kernels, facts, facts->release, true, err);
	if (!code && options->others && installation_is_here(options->root))
		code = kernels_add(kernels, facts, facts->release, false, err);
	/* Those that boot next: an install that left one out would take away what its hook brought. */
	if (!code && wants_all)
		code = kernels_add_installed(kernels, facts, options->root, err);
	if (!code && !kernels->count)
		code = error_set(err, -ENOENT, "%s: has no kernel below lib/modules",
				 options->root);
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

/* With everything decided and in memory: writes it, or says what would be written. */
static enum exit_status carry_out(const struct installation *installation,
				  const struct install_options *options, struct error *err)
{
	struct install_report report = {
		.result = RESULT_REFUSED,
		.plan = installation->plan,
		.kernels = &installation->kernels,
		.contents = &installation->contents,
	};
	struct publication publication = { 0 };
	bool is_any_covered;
	int code = 0;

	report.status = judge(report.kernels, &is_any_covered);
	if (is_any_covered && options->dry_run) {
		code = installation_check_epoch(installation, err);
		if (code)
			return console_fail("install", err);
		report.result = RESULT_DRY_RUN;
	} else if (is_any_covered) {
		code = installation_publish(installation, NULL, &publication, err);
		if (code) {
			free(publication.path);
			return installation_complain(installation, "install", "install",
						     options->invoked, err);
		}
		report.result = publication.was_there ? RESULT_ALREADY : RESULT_INSTALLED;
		report.number = publication.number;
		report.path = publication.path;
	}
	code = install_report_print(&report, options, err);
	free(publication.path);
	return code ? console_fail("install", err) : report.status;
}

/* Gives what was built to the kernel that the install is for. */
static int attach(struct installation *installation, const struct install_options *options,
		  struct built *built, struct error *err)
{
	const char *release = options->kernel_count ? options->kernels[0] :
			      installation->facts.release;
	struct kernel *kernel = kernels_find(&installation->kernels, release);
	int code;

	/* An image without the running one, and none was named. */
	if (!kernel && (options->object || options->btf))
		return error_set(err, -EINVAL, "%s: name the kernel that it is for: --kernel RELEASE",
				 options->object ? options->object : options->btf);
	if (!kernel)
		return installation_recall(installation, err);

	/* What came from elsewhere, as if it had been built here: the canary judges it at each run. */
	code = options->object ? built_from_file(options->trust, options->object, release,
						 installation->application.object, &kernel->built, err) :
	       options->btf ? built_from_btf(options->trust, options->btf, &kernel->built, err) : 0;
	if (code)
		return code;
	if (kernel->built.object.size && !kernel->built.btf.size)
		console_warn("install: %s: carries no BTF for the canary (as `build --out` writes it): "
			     "if it was compiled for another kernel, nobody will notice",
			     options->object);
	if (built) {
		kernel->built = *built;
		*built = BUILT_NONE;
	}
	/* Of one that does not run, what is known is what it was built for. */
	if (kernel->built.way != WAY_COUNT && !kernel->build[0])
		snprintf(kernel->build, sizeof(kernel->build), "%s", kernel->built.build);
	return installation_recall(installation, err);
}

enum exit_status install(const struct install_options *options)
{
	return install_built(options, NULL);
}

enum exit_status install_built(const struct install_options *options, struct built *built)
{
	struct error err = ERROR_NONE;
	struct installation installation;
	enum exit_status status;
	int code;

	if (options->admitted->notice[0])
		console_warn("install: %s", options->admitted->notice);
	code = installation_begin(options->root, options->admitted, &installation, &err);
	installation.allow_older = options->allow_older;
	installation.kernels.allow_nearest = options->allow_nearest;
	if (!code)
		code = want_kernels(options, &installation.facts, &installation.kernels, &err);
	if (!code)
		code = attach(&installation, options, built, &err);
	if (!code)
		code = installation_decide(&installation, &err);
	if (!code)
		code = installation_fill(&installation, &err);
	if (!code) {
		status = carry_out(&installation, options, &err);
	} else {
		console_error("install: %s", err.text);
		status = code == -EINVAL || code == -ESTALE ? STATUS_USAGE : code == -ENOENT ? STATUS_NO
									  : error_status(code);
	}
	installation_free(&installation);
	return status;
}
