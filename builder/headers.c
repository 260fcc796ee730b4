/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/file.h"

#include "builder/headers.h"

#define CONFIGURATION "include/generated/autoconf.h"

enum { MAX_FILE_SIZE = 4 * 1024 * 1024 };

/* Where distributions have a kernel's build folder; %s is its release. */
static const char *const PLACES[] = {
	"lib/modules/%s/build",
	"usr/lib/modules/%s/build",
	"usr/src/linux-headers-%s", /* Debian, Ubuntu */
	"usr/src/kernels/%s",       /* Fedora and its kin */
};
enum { PLACE_COUNT = sizeof(PLACES) / sizeof(PLACES[0]) };

static bool has_file(const char *folder, const char *name)
{
	char path[PATH_MAX];

	return snprintf(path, sizeof(path), "%s/%s", folder, name) < PATH_MAX &&
	       access(path, R_OK) == 0;
}

static bool is_build_folder(const char *folder)
{
	return has_file(folder, CONFIGURATION);
}

static bool is_source_folder(const char *folder)
{
	return has_file(folder, "include/linux/kconfig.h");
}

/* Reads a text below a folder, NUL-terminated; false: it cannot be had. */
static bool read_text(const char *folder, const char *name, struct buffer *out)
{
	char path[PATH_MAX];

	out->size = 0;
	return snprintf(path, sizeof(path), "%s/%s", folder, name) < PATH_MAX &&
	       file_read(AT_FDCWD, path, MAX_FILE_SIZE, out, NULL) == 0 &&
	       buffer_append(out, "", 1) == 0;
}

/* The value of `#define NAME "value"`; "" when there is none. */
static void read_define(const char *folder, const char *file, const char *name, char *out,
			size_t size)
{
	struct buffer text = { 0 };
	const char *at, *end;
	char start[64];

	out[0] = '\0';
	snprintf(start, sizeof(start), "#define %s \"", name);
	at = read_text(folder, file, &text) ? strstr((char *)text.data, start) : NULL;
	if (at) {
		at += strlen(start);
		end = strchr(at, '"');
		if (end && (size_t)(end - at) < size)
			snprintf(out, size, "%.*s", (int)(end - at), at);
	}
	buffer_free(&text);
}

/* A package that was unpacked elsewhere says where its kin would lie if it were installed. */
static bool find_unpacked(const char *build, const char *target, char *out)
{
	const char *name = strrchr(target, '/');
	char path[PATH_MAX];

	return name && snprintf(path, sizeof(path), "%s/..%s", build, name) < PATH_MAX &&
	       realpath(path, out) && is_source_folder(out);
}

static bool is_source(const char *build, const char *target, char *out)
{
	char path[PATH_MAX];

	if (snprintf(path, sizeof(path), "%s%s%s", target[0] == '/' ? "" : build,
		     target[0] == '/' ? "" : "/", target) >= PATH_MAX)
		return false;
	return (realpath(path, out) && is_source_folder(out)) || find_unpacked(build, target, out);
}

/* A build folder apart from its source has a makefile that includes the source's. */
static bool find_in_makefile(const char *build, char *out)
{
	static const char start[] = "include ", end[] = "/Makefile";
	struct buffer text = { 0 };
	bool found = false;
	char *rest, *line;

	rest = read_text(build, "Makefile", &text) ? (char *)text.data : NULL;
	while (!found && (line = strsep(&rest, "\n"))) {
		size_t length = strlen(line), tail = strlen(end);

		if (strncmp(line, start, strlen(start)) != 0 || length < strlen(start) + tail ||
		    strcmp(line + length - tail, end) != 0)
			continue;
		line[length - tail] = '\0';
		found = is_source(build, line + strlen(start), out);
	}
	buffer_free(&text);
	return found;
}

static bool find_source(const char *build, char *out)
{
	if (is_source_folder(build)) {
		snprintf(out, PATH_MAX, "%s", build);
		return true;
	}
	return is_source(build, "source", out) || is_source(build, "../source", out) ||
	       find_in_makefile(build, out);
}

/* -ENOENT: no build folder is there; -ENOTDIR: one without its source. */
static int try_folder(const char *folder, struct kernel_headers *out, struct error *err)
{
	if (!realpath(folder, out->build) || !is_build_folder(out->build))
		return -ENOENT;
	if (find_source(out->build, out->source))
		return 0;
	return error_set(err, -ENOTDIR, "%.300s: the folder with the headers that all configurations "
			 "share is not there (a package of its own, as -common)", out->build);
}

/* Looks where distributions have it, below a folder that stands for /. */
static int try_places(const char *root, const char *release, struct kernel_headers *out,
		      struct error *err)
{
	char below[PATH_MAX], path[PATH_MAX];
	int code = -ENOENT;
	size_t i;

	for (i = 0; code == -ENOENT && i < PLACE_COUNT; i++) {
		/* A pattern of the table above. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		snprintf(below, sizeof(below), PLACES[i], release);
#pragma GCC diagnostic pop
		if (snprintf(path, sizeof(path), "%s/%s", root, below) < PATH_MAX)
			code = try_folder(path, out, err);
	}
	return code;
}

static int find_folders(const char *folder, const char *release, struct kernel_headers *out,
			struct error *err)
{
	int code = folder ? try_folder(folder, out, err) : -ENOENT;

	if (code == -ENOENT)
		code = try_places(folder ? folder : "", release, out, err);
	if (code == -ENOENT && folder)
		return error_set(err, code, "%s: has no kernel's headers (include/generated/autoconf.h), "
				 "neither itself nor below usr/src or lib/modules/%s", folder, release);
	if (code == -ENOENT)
		return error_set(err, code, "no headers of %s below /lib/modules/%s/build or /usr/src",
				 release, release);
	return code;
}

bool headers_have_option(const struct kernel_headers *headers, const char *option)
{
	struct buffer text = { 0 };
	char built_in[96], module[96];
	bool has;

	snprintf(built_in, sizeof(built_in), "#define %s 1\n", option);
	snprintf(module, sizeof(module), "#define %s_MODULE 1\n", option);
	has = read_text(headers->build, CONFIGURATION, &text) &&
	      (strstr((char *)text.data, built_in) || strstr((char *)text.data, module));
	buffer_free(&text);
	return has;
}

/* Structs in an order that only the build knew. */
static int refuse_random(const struct kernel_headers *headers, struct error *err)
{
	static const char *const OPTIONS[] = { "CONFIG_RANDSTRUCT", "CONFIG_GCC_PLUGIN_RANDSTRUCT" };
	size_t i;

	if (!has_file(headers->build, CONFIGURATION))
		return error_set(err, -EIO, "%s/" CONFIGURATION ": cannot be read", headers->build);
	for (i = 0; i < sizeof(OPTIONS) / sizeof(OPTIONS[0]); i++)
		if (headers_have_option(headers, OPTIONS[i]))
			return error_set(err, -ENOTSUP, "%.300s: this kernel's structs are randomised "
					 "(%s): headers do not tell how they lie", headers->build,
					 OPTIONS[i]);
	return 0;
}

/* Where the version is told: since 6.1 in a file of its own. */
static void read_identity(struct kernel_headers *headers)
{
	read_define(headers->build, "include/generated/utsrelease.h", "UTS_RELEASE",
		    headers->release, sizeof(headers->release));
	read_define(headers->build, "include/generated/utsversion.h", "UTS_VERSION",
		    headers->version, sizeof(headers->version));
	if (!headers->version[0])
		read_define(headers->build, "include/generated/compile.h", "UTS_VERSION",
			    headers->version, sizeof(headers->version));
}

int headers_find(const char *folder, const char *release, const char *build,
		 struct kernel_headers *out, struct error *err)
{
	int code;

	*out = (struct kernel_headers){ .release = "" };
	code = find_folders(folder, release, out, err);
	if (code)
		return code;
	read_identity(out);
	if (strcmp(out->release, release) != 0)
		return error_set(err, -ESTALE, "%.300s: is of %s, and not of %s: its structs may lie "
				 "otherwise", out->build, out->release[0] ? out->release : "an unknown "
				 "kernel", release);
	if (out->version[0] && build[0] && strcmp(out->version, build) != 0)
		return error_set(err, -ESTALE, "%.300s: is of another build of %s (%s) than the kernel "
				 "(%s)", out->build, release, out->version, build);
	return refuse_random(out, err);
}

bool headers_have(const struct kernel_headers *headers, const char *srcarch, const char *name)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "include/%s", name);
	if (has_file(headers->source, path) || has_file(headers->build, path))
		return true;
	snprintf(path, sizeof(path), "arch/%s/include/%s", srcarch, name);
	/* A whole source tree has those of .c files, too: "fs/mount.h". */
	return has_file(headers->source, path) || has_file(headers->source, name);
}
