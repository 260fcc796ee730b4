/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <elf.h>

#include "lib/file.h"
#include "payload/minisign.h"

#include "btfpack/bundle.h"
#include "btfpack/copyright.h"
#include "btfpack/sandbox.h"

/* Column that paragraphs of a control file end before. */
enum { PARAGRAPH_WIDTH = 76 };

static const struct bundle_arch ARCHS[] = {
	{ "x86_64", "amd64", "x86_64", EM_X86_64, ELFCLASS64 },
	{ "arm64", "arm64", "aarch64", EM_AARCH64, ELFCLASS64 },
	{ "i386", "i386", "i686", EM_386, ELFCLASS32 },
};

static int arch_of(const char *program, const struct bundle_arch **out, struct error *err)
{
	struct file_map map;
	uint16_t machine = EM_NONE;
	uint8_t class = ELFCLASSNONE;
	size_t i;
	int code = file_map(AT_FDCWD, program, &map, err);

	if (code)
		return code;
	/* Up to the machine, both classes have the same header. */
	if (map.bytes.size >= sizeof(Elf32_Ehdr) && memcmp(map.bytes.data, ELFMAG, SELFMAG) == 0 &&
	    map.bytes.data[EI_DATA] == ELFDATA2LSB) {
		class = map.bytes.data[EI_CLASS];
		machine = load_le16(map.bytes.data + offsetof(Elf32_Ehdr, e_machine));
	}
	file_unmap(&map);
	for (i = 0; i < sizeof(ARCHS) / sizeof(ARCHS[0]); i++)
		if (ARCHS[i].machine == machine && ARCHS[i].class == class) {
			*out = &ARCHS[i];
			return 0;
		}
	return error_set(err, -ENOTSUP, "%s: is no program for x86_64, arm64 or i386", program);
}

int bundle_set_arch(struct bundle *bundle, const char *program, struct error *err)
{
	const struct bundle_arch *own = NULL;
	int code = arch_of(program, &bundle->arch, err);

	if (code)
		return code;
	/* An architecture that packages know nothing of is another one than theirs. */
	arch_of("/proc/self/exe", &own, NULL);
	bundle->is_foreign = bundle->arch != own;
	return 0;
}

void bundle_set(struct bundle *bundle, enum bundle_value which, const char *value)
{
	bundle->values[which].value = value;
}

static void name_values(struct bundle *bundle)
{
	static const char *const NAMES[BUNDLE_VALUES] = {
		[VALUE_APP] = "APP",
		[VALUE_PROGRAM] = "PROGRAM",
		[VALUE_VERSION] = "VERSION",
		[VALUE_VERSION_UPSTREAM] = "VERSION_UPSTREAM",
		[VALUE_REVISION] = "REVISION",
		[VALUE_SUMMARY] = "SUMMARY",
		[VALUE_MAINTAINER] = "MAINTAINER",
		[VALUE_HOMEPAGE] = "HOMEPAGE",
		[VALUE_DESCRIPTION] = "DESCRIPTION",
		[VALUE_DESCRIPTION_INDENTED] = "DESCRIPTION_INDENTED",
		[VALUE_DATE] = "DATE",
		[VALUE_DATE_MAIL] = "DATE_MAIL",
		[VALUE_DATE_RPM] = "DATE_RPM",
		[VALUE_ARCH_DEB] = "ARCH_DEB",
		[VALUE_INSTALLED_SIZE] = "INSTALLED_SIZE",
		[VALUE_DEPENDS] = "DEPENDS",
		[VALUE_LICENSE] = "LICENSE",
		[VALUE_LICENSE_TEXT] = "LICENSE_TEXT",
		[VALUE_OWN_LICENSE] = "OWN_LICENSE",
		[VALUE_OWN_LICENSE_TEXT] = "OWN_LICENSE_TEXT",
		[VALUE_COPYRIGHT] = "COPYRIGHT",
		[VALUE_CAPABILITIES] = "CAPABILITIES",
		[VALUE_PROTECT_TUNABLES] = "PROTECT_TUNABLES",
		[VALUE_PROTECT_CGROUPS] = "PROTECT_CGROUPS",
		[VALUE_PRIVATE_NETWORK] = "PRIVATE_NETWORK",
		[VALUE_PROTECT_HOME] = "PROTECT_HOME",
		[VALUE_FUNCTIONS] = "FUNCTIONS",
		[VALUE_HELP_READER] = "HELP_READER",
	};
	size_t i;

	for (i = 0; i < BUNDLE_VALUES; i++)
		bundle->values[i].name = NAMES[i];
}

/* Breaks text into lines, each behind indent; NULL when memory is short. */
static char *wrap(const char *text, const char *indent)
{
	struct buffer out = { 0 };
	size_t column = 0, length;
	int code = 0;

	for (; !code && *text; text += length) {
		text += strspn(text, " ");
		length = strcspn(text, " ");
		if (!length)
			break;
		if (column && column + 1 + length >= PARAGRAPH_WIDTH) {
			code = buffer_append(&out, "\n", 1);
			column = 0;
		}
		if (!code)
			code = buffer_append(&out, column ? " " : indent, column ? 1 : strlen(indent));
		if (!code)
			code = buffer_append(&out, text, length);
		column += 1 + length;
	}
	if (!code)
		code = buffer_append(&out, "", 1);
	if (code)
		buffer_free(&out);
	return (char *)out.data;
}

/* Debian and RPM both have upstream's version and the package's own, behind the last dash. */
static int split_version(struct bundle *bundle, struct error *err)
{
	const char *whole = bundle->manifest->version, *dash = strrchr(whole, '-');

	bundle->version = dash ? strndup(whole, (size_t)(dash - whole)) : strdup(whole);
	bundle->revision = strdup(dash ? dash + 1 : "");
	return bundle->version && bundle->revision ? 0 : error_errno(err, -ENOMEM, "version");
}

/* Month and day are English in both formats, whatever the locale: none was set. */
static int set_dates(struct bundle *bundle, struct error *err)
{
	struct tm tm;

	if (!gmtime_r(&bundle->time, &tm))
		return error_errno(err, -EOVERFLOW, "SOURCE_DATE_EPOCH");
	strftime(bundle->date_mail, BUNDLE_DATE_SIZE, "%a, %d %b %Y %H:%M:%S +0000", &tm);
	strftime(bundle->date_rpm, BUNDLE_DATE_SIZE, "%a %b %d %Y", &tm);
	strftime(bundle->date, BUNDLE_DATE_SIZE, "%Y-%m-%d", &tm);
	bundle_set(bundle, VALUE_DATE_MAIL, bundle->date_mail);
	bundle_set(bundle, VALUE_DATE_RPM, bundle->date_rpm);
	bundle_set(bundle, VALUE_DATE, bundle->date);
	return 0;
}

static const char *or_else(const char *text, const char *otherwise)
{
	return text && *text ? text : otherwise;
}

/* A template that others have a gap for; *text is the bundle's to free. */
static int set_part(struct bundle *bundle, const char *template, enum bundle_value which,
		    char **text, struct error *err)
{
	struct buffer filled = { 0 };
	int code = template_fill(template, TEMPLATE_PLAIN, bundle->values, &filled, err);

	if (!code && buffer_append(&filled, "", 1))
		code = error_errno(err, -ENOMEM, "%s", template);
	if (code) {
		buffer_free(&filled);
		return code;
	}
	*text = (char *)filled.data;
	(*text)[filled.size - 2] = '\0'; /* the line it goes into has an end */
	bundle_set(bundle, which, *text);
	return 0;
}

/* Last, for they have gaps of their own. */
static int set_parts(struct bundle *bundle, struct error *err)
{
	int code = set_part(bundle, "templates/functions", VALUE_FUNCTIONS, &bundle->functions, err);

	return code ? code : set_part(bundle, "templates/help.awk", VALUE_HELP_READER,
				      &bundle->help_reader, err);
}

int bundle_prepare(struct bundle *bundle, const struct object *object, struct error *err)
{
	const struct manifest *manifest = bundle->manifest;
	const char *description = or_else(manifest->description,
		"Carries a CO-RE BPF program, and what it needs of the kernels' type information, "
		"to kernels that expose BTF and to those that do not. Installing it finds out what "
		"each installed kernel needs, and a hook does so for each kernel to come.");
	int code = split_version(bundle, err);

	name_values(bundle);
	bundle->paragraph = wrap(description, "");
	bundle->indented = wrap(description, " ");
	if (!code && !(bundle->paragraph && bundle->indented))
		code = error_errno(err, -ENOMEM, "description");
	if (!code)
		code = set_dates(bundle, err);
	if (code)
		return code;
	bundle_set(bundle, VALUE_APP, manifest->name);
	bundle_set(bundle, VALUE_PROGRAM, manifest->name);
	bundle_set(bundle, VALUE_VERSION, manifest->version);
	bundle_set(bundle, VALUE_VERSION_UPSTREAM, bundle->version);
	bundle_set(bundle, VALUE_REVISION, bundle->revision);
	bundle_set(bundle, VALUE_SUMMARY, or_else(manifest->summary, "BPF application for every kernel"));
	bundle_set(bundle, VALUE_MAINTAINER,
		   or_else(manifest->maintainer, "nobody <nobody@localhost.localdomain>"));
	bundle_set(bundle, VALUE_HOMEPAGE, or_else(manifest->homepage, ""));
	bundle_set(bundle, VALUE_DESCRIPTION, bundle->paragraph);
	bundle_set(bundle, VALUE_DESCRIPTION_INDENTED, bundle->indented);
	bundle_set(bundle, VALUE_ARCH_DEB, bundle->arch->deb);
	code = copyright_values(bundle, err);
	if (!code)
		code = sandbox_values(bundle, object, err);
	return code ? code : set_parts(bundle, err);
}

void bundle_free(struct bundle *bundle)
{
	free(bundle->version);
	free(bundle->revision);
	free(bundle->paragraph);
	free(bundle->indented);
	free(bundle->license_text);
	free(bundle->own_license);
	free(bundle->functions);
	free(bundle->help_reader);
	bundle->version = bundle->revision = bundle->paragraph = bundle->indented = NULL;
	bundle->license_text = bundle->own_license = bundle->functions = bundle->help_reader = NULL;
}

int bundle_add(const struct bundle *bundle, struct stage *stage, const char *template,
	       enum template_form form, mode_t mode, const char *name, struct error *err)
{
	struct buffer text = { 0 };
	int code = template_fill(template, form, bundle->values, &text, err);

	if (!code)
		code = stage_add(stage, name, mode, buffer_slice(&text), err);
	buffer_free(&text);
	return code;
}

int bundle_add_gzip(const struct bundle *bundle, struct stage *stage, const char *template,
		    enum template_form form, const char *name, struct error *err)
{
	struct buffer text = { 0 };
	int code = template_fill(template, form, bundle->values, &text, err);

	if (!code)
		code = stage_add_gzip(stage, name, buffer_slice(&text), err);
	buffer_free(&text);
	return code;
}

/* A file that packages have; in path, APP stands for the application's name. */
static const struct common_file {
	const char *template;
	mode_t mode;             /* 0: packed by gzip */
	enum template_form form;
	const char *path;
	enum { BOTH, DEBIAN, RPM } format;
} COMMON_FILES[] = {
	{ "templates/service", 0644, TEMPLATE_PLAIN, "usr/lib/systemd/system/APP.service", BOTH },
	{ "templates/man", 0, TEMPLATE_ROFF, "usr/share/man/man8/APP.8.gz", BOTH },
	{ "templates/completion.bash", 0644, TEMPLATE_PLAIN,
	  "usr/share/bash-completion/completions/APP", BOTH },
	{ "templates/completion.zsh", 0644, TEMPLATE_PLAIN,
	  "usr/share/zsh/vendor-completions/_APP", DEBIAN },
	{ "templates/completion.zsh", 0644, TEMPLATE_PLAIN, "usr/share/zsh/site-functions/_APP", RPM },
	/* Elsewhere, kernel-install is all there is. */
	{ "hooks/postinst.d", 0755, TEMPLATE_PLAIN, "etc/kernel/postinst.d/APP", DEBIAN },
	{ "hooks/postrm.d", 0755, TEMPLATE_PLAIN, "etc/kernel/postrm.d/APP", DEBIAN },
	{ "hooks/kernel-install", 0755, TEMPLATE_PLAIN, "usr/lib/kernel/install.d/50-APP.install",
	  BOTH },
};

static int fill_one(const struct bundle *bundle, struct stage *stage,
		    const struct common_file *file, struct error *err)
{
	const char *gap = strstr(file->path, "APP");
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%.*s%s%s", (int)(gap - file->path), file->path,
		 bundle->manifest->name, gap + strlen("APP"));
	if (!file->mode)
		return bundle_add_gzip(bundle, stage, file->template, file->form, path, err);
	return bundle_add(bundle, stage, file->template, file->form, file->mode, path, err);
}

/* Of the payload, which is in the stage as path. */
static int add_signature(const struct bundle *bundle, struct stage *stage, const char *path,
			 struct error *err)
{
	char there[PATH_MAX + sizeof(MINISIGN_SUFFIX)], file[PATH_MAX + sizeof(MINISIGN_SUFFIX)];

	snprintf(there, sizeof(there), "%s" MINISIGN_SUFFIX, path);
	snprintf(file, sizeof(file), "%s" MINISIGN_SUFFIX, bundle->payload);
	return stage_add_link(stage, there, file, err);
}

int bundle_fill(const struct bundle *bundle, struct stage *stage, bool is_debian, struct error *err)
{
	const char *app = bundle->manifest->name;
	char path[PATH_MAX];
	size_t i;
	int code;

	snprintf(path, sizeof(path), "usr/bin/%s", app);
	code = stage_add_link(stage, path, bundle->program, err);
	snprintf(path, sizeof(path), "usr/share/%s/%s.payload", app, app);
	if (!code)
		code = stage_add_link(stage, path, bundle->payload, err);
	if (!code && bundle->is_signed)
		code = add_signature(bundle, stage, path, err);
	for (i = 0; !code && i < sizeof(COMMON_FILES) / sizeof(COMMON_FILES[0]); i++)
		if (COMMON_FILES[i].format != (is_debian ? RPM : DEBIAN))
			code = fill_one(bundle, stage, &COMMON_FILES[i], err);
	return code;
}
