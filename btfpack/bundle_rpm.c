/* SPDX-License-Identifier: BSD-2-Clause */
/* An RPM: the tree, a spec that copies it, and rpmbuild. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "btfpack/bundle.h"
#include "btfpack/process.h"

#define DEFAULT_RELEASE "1"

/* Version and release are what the manifest's last dash parts; rpm allows no other. */
static int check_names(const struct bundle *bundle, struct error *err)
{
	if (strchr(bundle->version, '-'))
		return error_set(err, -EBADMSG, "version \"%s\": an RPM's has one dash, before its "
				 "release", bundle->manifest->version);
	return 0;
}

static int list_file(const char *name, struct buffer *out)
{
	const char *mark = strstr(name, "share/licenses/") ? "%license " :
			   strstr(name, "share/man/") ? "%doc " : "";
	int code = buffer_append(out, mark, strlen(mark));

	if (!code)
		code = buffer_append(out, "/", 1);
	if (!code)
		code = buffer_append(out, name, strlen(name));
	return code ? code : buffer_append(out, "\n", 1);
}

/* What %files reads: whose the files are, the folders that are ours alone, the files. */
static int add_list(const struct bundle *bundle, const struct stage *tree, struct stage *build,
		    struct error *err)
{
	const char *app = bundle->manifest->name;
	struct buffer list = { 0 };
	char head[256];
	size_t i;
	int code;

	snprintf(head, sizeof(head), "%%defattr(-,root,root)\n%%dir /usr/share/%s\n"
		 "%%dir /usr/share/licenses/%s\n", app, app);
	code = buffer_append(&list, head, strlen(head));
	for (i = 0; !code && i < tree->count; i++)
		code = list_file(tree->files[i], &list);
	code = code ? error_errno(err, code, "files")
		    : stage_add(build, "files", 0644, buffer_slice(&list), err);
	buffer_free(&list);
	return code;
}

static int call_rpmbuild(const struct bundle *bundle, struct error *err)
{
	char built[PATH_MAX], final[PATH_MAX], spec[PATH_MAX], top[PATH_MAX];
	const char *const argv[] = {
		"rpmbuild", "-bb", "--quiet", "--target", bundle->arch->rpm,
		"--define", top,
		"--define", "_rpmdir %{_topdir}",
		"--define", "_build_name_fmt built.rpm",
		/* Who built it, when and where is the same for everybody. */
		"--define", "_buildhost reproducible",
		"--define", "use_source_date_epoch_as_buildtime 1",
		"--define", "clamp_mtime_to_source_date_epoch 1",
		"--define", "source_date_epoch_from_changelog 0",
		"--define", "_binary_payload w6.xzdio",
		/* The files are as they shall be: nothing strips or packs them again. */
		"--define", "__os_install_post %{nil}",
		"--define", "debug_package %{nil}",
		"--define", "_build_id_links none",
		spec, NULL,
	};
	struct buffer said = { 0 };
	int code;

	snprintf(top, sizeof(top), "_topdir %s/rpm", bundle->directory);
	snprintf(spec, sizeof(spec), "%s/rpm/spec", bundle->directory);
	snprintf(built, sizeof(built), "%s/rpm/built.rpm", bundle->directory);
	snprintf(final, sizeof(final), "%s/%s-%s-%s.%s.rpm", bundle->output, bundle->manifest->name,
		 bundle->version, bundle->values[VALUE_REVISION].value, bundle->arch->rpm);
	code = process_run(argv, NULL, &said, err);
	if (code == -ENOENT)
		code = error_set(err, -EIO, "rpmbuild is not installed: apt-get install rpm, or "
				 "dnf install rpm-build");
	else if (code > 0)
		code = error_set(err, -EIO, "rpmbuild: %s", process_line(&said, "error"));
	if (!code && rename(built, final) < 0)
		code = error_errno(err, -errno, "%s", final);
	if (!code)
		printf("%s\n", final);
	buffer_free(&said);
	return code;
}

static int fill_tree(const struct bundle *bundle, struct stage *tree, struct error *err)
{
	char path[PATH_MAX];
	int code = bundle_fill(bundle, tree, false, err);

	snprintf(path, sizeof(path), "usr/share/licenses/%s/copyright", bundle->manifest->name);
	if (!code)
		code = bundle_add(bundle, tree, "templates/copyright", TEMPLATE_PLAIN, 0644, path, err);
	return code ? code : stage_seal(tree, err);
}

int bundle_rpm(struct bundle *bundle, struct error *err)
{
	char topdir[PATH_MAX], root[PATH_MAX];
	struct stage build = { 0 }, tree = { 0 };
	int code = check_names(bundle, err);

	if (!code && strpbrk(bundle->directory, " %\"'"))
		code = error_set(err, -EINVAL, "%s: rpmbuild cannot work in a folder whose name has a "
				 "space, %% or quotes", bundle->output);
	snprintf(topdir, sizeof(topdir), "%s/rpm", bundle->directory);
	snprintf(root, sizeof(root), "%s/rpm/tree", bundle->directory);
	if (!code)
		code = stage_open(topdir, bundle->time, &build, err);
	if (!code)
		code = stage_open(root, bundle->time, &tree, err);
	if (!code) {
		bundle_set(bundle, VALUE_REVISION, *bundle->revision ? bundle->revision : DEFAULT_RELEASE);
		code = fill_tree(bundle, &tree, err);
	}
	if (!code)
		code = add_list(bundle, &tree, &build, err);
	if (!code)
		code = bundle_add(bundle, &build, "templates/spec", TEMPLATE_SPEC, 0644, "spec", err);
	if (!code)
		code = call_rpmbuild(bundle, err);
	bundle_set(bundle, VALUE_REVISION, bundle->revision);
	stage_free(&tree);
	stage_free(&build);
	return code;
}
