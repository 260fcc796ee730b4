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

#include "installer/install.h"
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

static enum exit_status print_object(const struct generation *generation)
{
	char path[128];

	snprintf(path, sizeof(path), "%s.bpf.o", generation->app);
	return print_file(generation, path);
}

static enum exit_status print_btf(const struct generation *generation)
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
	if (kernel->build[0] && strcmp(kernel->build, uts.version)) {
		console_error("path: kernel %s: is build `%s`, installed is for `%s`: run install",
			      uts.release, uts.version, kernel->build);
		return STATUS_NEEDS_BUILD;
	}
	if (!strcmp(kernel->source, "none")) {
		console_error("path: kernel %s: there is no BTF for it: %s", uts.release,
			      kernel->reason);
		return STATUS_NEEDS_BUILD;
	}
	snprintf(path, sizeof(path), "btf/%s.btf", uts.release);
	if (!strcmp(kernel->source, "stored"))
		return print_file(generation, path);
	printf("%s/%s\n", generation->path, path);
	return STATUS_DONE;
}

enum exit_status path(const char *root, const char *app, const char *what)
{
	struct error err = ERROR_NONE;
	struct generation generation;
	enum exit_status result;
	int code;

	code = generation_open(root, app, &generation, &err);
	if (code == -ENOENT) {
		console_error("path: %s: nothing is installed", app);
		return STATUS_NO;
	}
	if (code)
		return console_fail("path", &err);
	result = strcmp(what, "btf") ? print_object(&generation) : print_btf(&generation);
	generation_close(&generation);
	return result;
}
