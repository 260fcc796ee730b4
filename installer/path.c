/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Command `path`: for scripts and other loaders, the file to use on the kernel that runs, checked
 * against the plan before it is named.  Exit 1: nothing is installed; 3: nothing for this kernel.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#include "lib/console.h"
#include "runtime/admit_installed.h"

#include "installer/install.h"
#include "installer/running.h"
#include "installer/verify.h"
#include "runtime/generation.h"

static enum exit_status print_file(const struct generation *generation, const char *path)
{
	struct error err = ERROR_NONE;
	struct buffer bytes = { 0 };
	int code;

	code = generation_read(generation, path, &bytes, &err);
	buffer_free(&bytes);
	if (code)
		return console_fail("path", &err);
	printf("%s/%s\n", generation->path, path);
	return STATUS_DONE;
}

/* For a kernel that an object was compiled for, that one: no other runs there. */
static enum exit_status print_object(const struct generation *generation)
{
	const struct generation_kernel *kernel;
	struct utsname uts;
	char path[256];

	uname(&uts); /* fails for a bad address only */
	kernel = generation_find(generation, uts.release);
	snprintf(path, sizeof(path), "build/%s/%s.bpf.o", uts.release, generation->app);
	if (!kernel || strcmp(kernel->source, "none") != 0 || !generation_has(generation, path))
		snprintf(path, sizeof(path), "%s.bpf.o", generation->app);
	return print_file(generation, path);
}

/* What the link leads to is the kernel's and in no plan: that it is the right link, and leads. */
static enum exit_status print_link(const struct generation *generation, const char *path,
				   const struct utsname *uts)
{
	struct error err = ERROR_NONE;
	const char *problem;
	enum running running;

	if (verify_link(generation, path, &problem, &err))
		return console_fail("path", &err);
	if (problem) {
		console_error("path: %s/%s: %s: install again", generation->path, path, problem);
		return STATUS_DAMAGED;
	}
	if (!running_link_leads(generation, uts->release)) {
		running = running_state(generation, uts);
		/* `run` may have found it elsewhere, or need none; a path there is not. */
		console_error("path: kernel %s: %s", uts->release,
			      running_advice(running == RUNNING_GONE ? running : RUNNING_UNCOVERED));
		return STATUS_NEEDS_BUILD;
	}
	printf("%s/%s\n", generation->path, path);
	return STATUS_DONE;
}

static enum exit_status print_btf(const struct generation *generation, bool allow_nearest)
{
	const struct generation_kernel *kernel;
	struct utsname uts;
	char path[128];

	uname(&uts); /* fails for a bad address only */
	kernel = generation_find(generation, uts.release);
	if (!kernel) {
		console_error("path: kernel %s: was not planned for: run install", uts.release);
		return STATUS_NEEDS_BUILD;
	}
	if (kernel->build[0] && strcmp(kernel->build, uts.version) != 0) {
		console_error("path: kernel %s: is build `%s`, installed is for `%s`: run install",
			      uts.release, uts.version, kernel->build);
		return STATUS_NEEDS_BUILD;
	}
	if (!strcmp(kernel->source, "none")) {
		console_error("path: kernel %s: there is no BTF for it: %s", uts.release,
			      kernel->reason);
		return STATUS_NEEDS_BUILD;
	}
	if (!allow_nearest && kernel->rule && !strcmp(kernel->rule, GENERATION_RULE_NEIGHBOURS)) {
		console_error("path: kernel %s: its BTF is that of the builds around it, which only the "
			      "canary of `run` can judge: --allow-nearest prints it", uts.release);
		return STATUS_NEEDS_BUILD;
	}
	snprintf(path, sizeof(path), "btf/%s.btf", uts.release);
	return !strcmp(kernel->source, "kernel") ? print_link(generation, path, &uts)
						 : print_file(generation, path);
}

enum exit_status path(const char *root, const struct trust *trust, const char *app,
		      const char *what, bool allow_nearest)
{
	struct error err = ERROR_NONE;
	struct generation generation;
	enum exit_status result;
	struct utsname uts;
	int code;

	code = generation_open(root, app, &generation, &err);
	if (code == -ENOENT) {
		console_error("path: %s: nothing is installed", app);
		return STATUS_NO;
	}
	if (code)
		return console_fail("path", &err);
	uname(&uts); /* fails for a bad address only */
	/* What is handed on must be what `run` would use. */
	code = admit_installed(trust, &generation, uts.release, &err);
	result = code ? console_fail("path", &err) :
		 strcmp(what, "btf") ? print_object(&generation) :
				       print_btf(&generation, allow_nearest);
	generation_close(&generation);
	return result;
}
