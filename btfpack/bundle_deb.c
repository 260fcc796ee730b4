/* SPDX-License-Identifier: BSD-2-Clause */
/* A Debian package: the tree, its control files, dpkg-shlibdeps and dpkg-deb. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <nettle/md5.h>

#include "lib/digest.h"
#include "lib/file.h"

#include "btfpack/bundle.h"
#include "btfpack/process.h"

enum { SUBSTVARS_MAX_SIZE = 64 * 1024 };

/* Names that Debian's policy allows are narrower than a manifest's. */
static int check_names(const struct manifest *manifest, struct error *err)
{
	if (strlen(manifest->name) < 2)
		return error_set(err, -EBADMSG, "name \"%s\": Debian's have two letters or more",
				 manifest->name);
	if (manifest->version[0] < '0' || manifest->version[0] > '9')
		return error_set(err, -EBADMSG, "version \"%s\": Debian's begin with a digit",
				 manifest->version);
	return 0;
}

/* Runs a program of Debian's; what it says is part of the error. */
static int run_tool(const char *const argv[], const char *directory, const char *package,
		    struct error *err)
{
	struct buffer said = { 0 };
	int code = process_run(argv, directory, &said, err);

	if (code == -ENOENT)
		code = error_set(err, -EIO, "%s is not installed: apt-get install %s", argv[0], package);
	else if (code > 0)
		code = error_set(err, -EIO, "%s: %s", argv[0], process_line(&said, "error"));
	buffer_free(&said);
	return code;
}

/*
 * The libraries that the program needs, as packages with versions.  dpkg-shlibdeps wants to stand
 * in a source package; *out is the caller's to free.
 */
static int find_libraries(const struct bundle *bundle, char **out, struct error *err)
{
	char path[PATH_MAX], sysroot[PATH_MAX + 2];
	const char *const argv[] = { "dpkg-shlibdeps", "-Tsubstvars", bundle->program,
				     bundle->sysroot ? sysroot : NULL, NULL };
	static const char key[] = "shlibs:Depends=";
	struct stage source = { 0 };
	struct buffer text = { 0 };
	const char *found;
	int code;

	path[0] = '\0';
	if (bundle->sysroot && !realpath(bundle->sysroot, path))
		return error_errno(err, -errno, "%s", bundle->sysroot);
	snprintf(sysroot, sizeof(sysroot), "-S%s", path);
	if (setenv("DEB_HOST_ARCH", bundle->arch->deb, 1))
		return error_errno(err, -errno, "DEB_HOST_ARCH");
	snprintf(path, sizeof(path), "%s/source", bundle->directory);
	code = stage_open(path, bundle->time, &source, err);
	if (!code)
		code = bundle_add(bundle, &source, "templates/source", TEMPLATE_PLAIN, 0644,
				  "debian/control", err);
	if (!code) {
		code = run_tool(argv, path, "dpkg-dev", err);
		if (code && bundle->is_foreign && !bundle->sysroot)
			error_wrap(err, "libraries for %s, whose place --sysroot says", bundle->arch->arch);
	}
	snprintf(path, sizeof(path), "%s/source/substvars", bundle->directory);
	if (!code)
		code = file_read(AT_FDCWD, path, SUBSTVARS_MAX_SIZE, &text, err);
	if (!code && buffer_append(&text, "", 1))
		code = error_errno(err, -ENOMEM, "%s", path);
	if (!code) {
		found = strstr((const char *)text.data, key);
		found = found ? found + strlen(key) : "";
		*out = strndup(found, strcspn(found, "\n"));
		if (!*out)
			code = error_errno(err, -ENOMEM, "%s", path);
	}
	buffer_free(&text);
	stage_free(&source);
	return code;
}

static int add_sum(const struct stage *stage, const char *name, struct buffer *out,
		   struct error *err)
{
	uint8_t digest[MD5_DIGEST_SIZE];
	char path[PATH_MAX], hex[2 * MD5_DIGEST_SIZE + 1], line[PATH_MAX + sizeof(hex)];
	struct md5_ctx md5;
	struct file_map map;
	int code;

	snprintf(path, sizeof(path), "%s/%s", stage->path, name);
	code = file_map(AT_FDCWD, path, &map, err);
	if (code)
		return code;
	md5_init(&md5);
	md5_update(&md5, map.bytes.size, map.bytes.data);
	md5_digest(&md5, sizeof(digest), digest);
	file_unmap(&map);
	hex_encode(digest, sizeof(digest), hex);
	snprintf(line, sizeof(line), "%s  %s\n", hex, name);
	code = buffer_append(out, line, strlen(line));
	return code ? error_errno(err, code, "md5sums") : 0;
}

/* md5sums of all files, and the list of those that an administrator may change. */
static int add_lists(struct stage *stage, struct error *err)
{
	struct buffer sums = { 0 }, conffiles = { 0 };
	size_t i, count = stage->count;
	int code = 0;

	for (i = 0; !code && i < count; i++) {
		const char *name = stage->files[i];

		code = add_sum(stage, name, &sums, err);
		if (code || strncmp(name, "etc/", strlen("etc/")) != 0)
			continue;
		code = buffer_append(&conffiles, "/", 1);
		if (!code)
			code = buffer_append(&conffiles, name, strlen(name));
		if (!code)
			code = buffer_append(&conffiles, "\n", 1);
		if (code)
			error_errno(err, code, "conffiles");
	}
	if (!code)
		code = stage_add(stage, "DEBIAN/md5sums", 0644, buffer_slice(&sums), err);
	if (!code && conffiles.size)
		code = stage_add(stage, "DEBIAN/conffiles", 0644, buffer_slice(&conffiles), err);
	buffer_free(&sums);
	buffer_free(&conffiles);
	return code;
}

static int add_control(struct bundle *bundle, struct stage *stage, struct error *err)
{
	static const char *const SCRIPTS[] = { "preinst", "postinst", "prerm", "postrm" };
	char size[32], name[64], template[64];
	size_t i;
	int code;

	snprintf(size, sizeof(size), "%zu", stage->size_kib);
	bundle_set(bundle, VALUE_INSTALLED_SIZE, size);
	code = add_lists(stage, err);
	if (!code)
		code = bundle_add(bundle, stage, "templates/control", TEMPLATE_PLAIN, 0644,
				  "DEBIAN/control", err);
	for (i = 0; !code && i < sizeof(SCRIPTS) / sizeof(SCRIPTS[0]); i++) {
		snprintf(name, sizeof(name), "DEBIAN/%s", SCRIPTS[i]);
		snprintf(template, sizeof(template), "templates/%s", SCRIPTS[i]);
		code = bundle_add(bundle, stage, template, TEMPLATE_PLAIN, 0755, name, err);
	}
	bundle_set(bundle, VALUE_INSTALLED_SIZE, NULL);
	return code;
}

/* What Debian wants to be documented beside what all packages have. */
static int add_documents(const struct bundle *bundle, struct stage *stage, struct error *err)
{
	const char *app = bundle->manifest->name;
	char path[PATH_MAX];
	int code;

	snprintf(path, sizeof(path), "usr/share/doc/%s/copyright", app);
	code = bundle_add(bundle, stage, "templates/copyright", TEMPLATE_PLAIN, 0644, path, err);
	/* A version without a revision is a native package's. */
	snprintf(path, sizeof(path), "usr/share/doc/%s/%s", app,
		 *bundle->revision ? "changelog.Debian.gz" : "changelog.gz");
	if (!code)
		code = bundle_add_gzip(bundle, stage, "templates/changelog", TEMPLATE_PLAIN, path, err);
	return code;
}

static int call_dpkg_deb(const struct bundle *bundle, const struct stage *stage,
			 struct error *err)
{
	char built[PATH_MAX], final[PATH_MAX];
	const char *const argv[] = { "dpkg-deb", "--root-owner-group", "-Zxz", "--build", stage->path,
				     built, NULL };
	int code;

	snprintf(built, sizeof(built), "%s/%s.deb", bundle->directory, bundle->manifest->name);
	snprintf(final, sizeof(final), "%s/%s_%s_%s.deb", bundle->output, bundle->manifest->name,
		 bundle->manifest->version, bundle->arch->deb);
	code = run_tool(argv, NULL, "dpkg", err);
	if (!code && rename(built, final) < 0)
		code = error_errno(err, -errno, "%s", final);
	if (!code)
		printf("%s\n", final);
	return code;
}

int bundle_deb(struct bundle *bundle, struct error *err)
{
	char path[PATH_MAX], *libraries = NULL;
	struct stage stage = { 0 };
	int code = check_names(bundle->manifest, err);

	snprintf(path, sizeof(path), "%s/deb", bundle->directory);
	if (!code)
		code = find_libraries(bundle, &libraries, err);
	if (!code)
		code = stage_open(path, bundle->time, &stage, err);
	if (!code) {
		bundle_set(bundle, VALUE_DEPENDS, libraries);
		code = bundle_fill(bundle, &stage, true, err);
	}
	if (!code)
		code = add_documents(bundle, &stage, err);
	if (!code)
		code = stage_seal(&stage, err);
	if (!code)
		code = add_control(bundle, &stage, err);
	if (!code)
		code = stage_seal(&stage, err);
	if (!code)
		code = call_dpkg_deb(bundle, &stage, err);
	bundle_set(bundle, VALUE_DEPENDS, NULL);
	free(libraries);
	stage_free(&stage);
	return code;
}
