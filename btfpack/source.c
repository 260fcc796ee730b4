/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "core/btf.h"
#include "host/btf_arch.h"
#include "host/facts.h"
#include "lib/console.h"
#include "lib/file.h"

#include "btfpack/deb.h"
#include "btfpack/decompress.h"
#include "btfpack/dwarf.h"
#include "btfpack/layout.h"
#include "btfpack/rpm.h"
#include "btfpack/source.h"
#include "btfpack/vmlinux.h"
#include "btfpack/vmlinuz.h"

static const char host_btf[] = "/sys/kernel/btf/vmlinux";

/* One compressed file inside another is common (Image.gz of a gzip kernel); more is an attack. */
enum { MAX_NESTING = 1 };

static void set(char field[static SOURCE_FIELD_SIZE], const char *text)
{
	snprintf(field, SOURCE_FIELD_SIZE, "%s", text);
}

static int take_btf(struct source *out, struct slice btf, struct error *err)
{
	struct btf_view view;
	const char *arch;
	int code = btf_view_open(&view, btf, err);

	if (code)
		return code;
	arch = btf_arch(&view);
	btf_view_close(&view);
	if (arch && !out->arch[0])
		set(out->arch, arch);
	code = buffer_append(&out->btf, btf.data, btf.size);
	return code ? error_errno(err, code, "BTF") : 0;
}

static void take_distro(struct source *out, struct distro distro)
{
	set(out->id, distro.id);
	set(out->version_id, distro.version_id);
}

/* out->release holds what a name said; the kernel's own word replaces it. */
static void take_banner(struct source *out, const char *path, struct slice kernel)
{
	struct vmlinux_banner banner;

	if (!vmlinux_banner(kernel, &banner))
		return;
	if (out->release[0] && strcmp(out->release, banner.release) != 0)
		console_warn("import: %s: its name says %s, the kernel says %s, which is used", path,
			     out->release, banner.release);
	set(out->release, banner.release);
	set(out->build, banner.build);
	out->release_is_certain = true;
	if (!out->id[0])
		take_distro(out, distro_of_build(out->build, out->release));
}

static void take_arch(struct source *out, const char *arch)
{
	if (!arch)
		return;
	set(out->arch, arch);
	out->arch_is_certain = true;
}

/* The file itself where kernel is all of it; else pahole gets a copy. */
static int take_dwarf(struct source *out, const char *path, struct slice kernel, struct error *err)
{
	bool is_file = kernel.data == out->file.data;
	struct buffer btf = { 0 };
	int code;

	console_note("import: %s: has DWARF and no BTF, running pahole", path);
	code = dwarf_to_btf(kernel, is_file ? path : NULL, out->scratch, &btf, err);
	if (!code) {
		code = take_btf(out, buffer_slice(&btf), err);
		if (code)
			error_wrap(err, "BTF that pahole made");
	}
	buffer_free(&btf);
	return code;
}

static int take_vmlinux(struct source *out, const char *path, struct slice kernel,
			struct error *err)
{
	struct slice btf;
	int code;

	take_arch(out, vmlinux_arch(kernel));
	take_banner(out, path, kernel);
	code = vmlinux_btf(kernel, &btf, err);
	if (code == -ENOENT && vmlinux_has_dwarf(kernel))
		return take_dwarf(out, path, kernel, err);
	return code ? code : take_btf(out, btf, err);
}

static int take_vmlinuz(struct source *out, const char *path, struct slice file, struct error *err)
{
	struct buffer kernel = { 0 };
	int code;

	take_arch(out, vmlinuz_arch(file));
	if (vmlinuz_kind(file) == VMLINUZ_IMAGE)
		return take_vmlinux(out, path, file, err);
	code = vmlinuz_unpack(file, VMLINUZ_MAX_SIZE, &kernel, err);
	if (!code && vmlinuz_kind(file) == VMLINUZ_ZBOOT)
		take_arch(out, vmlinuz_arch(buffer_slice(&kernel)));
	if (!code)
		code = take_vmlinux(out, path, buffer_slice(&kernel), err);
	buffer_free(&kernel);
	return code;
}

static int take_any(struct source *out, const char *path, struct slice file, int nesting,
		    struct error *err);

static int take_package(struct source *out, const char *path, struct slice file,
			int (*read_kernel)(struct slice file, struct package_kernel *out,
					   struct error *err), struct error *err)
{
	struct package_kernel package;
	int code = read_kernel(file, &package, err);

	if (!code) {
		set(out->release, package.release);
		set(out->arch, package.arch);
		take_distro(out, package.distro);
		snprintf(out->origin, sizeof(out->origin), "%.60s %.60s", package.name, package.version);
		code = take_any(out, path, buffer_slice(&package.image), 0, err);
	}
	package_free(&package);
	return code;
}

static int take_compressed(struct source *out, const char *path, struct slice file, int nesting,
			   struct error *err)
{
	struct buffer content = { 0 };
	int code;

	code = decompress(file, VMLINUZ_MAX_SIZE, &content, err);
	if (code == -ENOTSUP && nesting == 0)
		error_wrap(err, "not recognised");
	if (!code)
		code = take_any(out, path, buffer_slice(&content), nesting + 1, err);
	buffer_free(&content);
	return code;
}

static int take_tar(struct source *out, struct slice file, struct error *err)
{
	struct buffer btf = { 0 };
	int code;

	code = tar_read_btf(file, BTF_MAX_SIZE, &btf, err);
	if (!code)
		code = take_btf(out, buffer_slice(&btf), err);
	buffer_free(&btf);
	return code;
}

static int take_any(struct source *out, const char *path, struct slice file, int nesting,
		    struct error *err)
{
	if (file.size == 0)
		return error_set(err, -EBADMSG, "an empty file");
	if (layout_is_btf(file))
		return take_btf(out, file, err);
	if (vmlinuz_kind(file) != VMLINUZ_NONE)
		return take_vmlinuz(out, path, file, err);
	if (file.size > 4 && memcmp(file.data, "\177ELF", 4) == 0)
		return take_vmlinux(out, path, file, err);
	if (deb_is(file))
		return take_package(out, path, file, deb_read_kernel, err);
	if (rpm_is(file))
		return take_package(out, path, file, rpm_read_kernel, err);
	if (tar_is(file))
		return take_tar(out, file, err);
	if (nesting >= MAX_NESTING)
		return error_set(err, -ENOTSUP, "not recognised");
	return take_compressed(out, path, file, nesting, err);
}

/* The release that a file name has: RELEASE.btf, vmlinuz-RELEASE. */
static void take_name(struct source *out, const char *path)
{
	static const char *const prefixes[] = { "vmlinuz-", "vmlinux-", "Image-" };
	const char *name = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
	size_t i;

	set(out->origin, name);
	if (layout_name_kind(path) == LAYOUT_BTF)
		snprintf(out->release, sizeof(out->release), "%.*s",
			 (int)(layout_extension(name) - name), name);
	for (i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
		if (strncmp(name, prefixes[i], strlen(prefixes[i])) == 0)
			set(out->release, name + strlen(prefixes[i]));
}

bool source_is_host(const char *path)
{
	return strcmp(path, "host") == 0 || strcmp(path, host_btf) == 0;
}

static int read_host(struct source *out, struct error *err)
{
	struct buffer file = { 0 };
	struct facts facts;
	int code;

	code = facts_gather(NULL, &facts, err);
	if (code)
		return error_wrap(err, "this host");
	set(out->id, facts.os.id);
	set(out->version_id, facts.os.version_id);
	set(out->arch, facts.arch);
	set(out->release, facts.release);
	set(out->build, facts.build);
	facts_free(&facts);
	set(out->origin, host_btf);
	out->release_is_certain = out->arch_is_certain = true;
	code = file_read(AT_FDCWD, host_btf, BTF_MAX_SIZE, &file, err);
	if (!code) {
		code = take_btf(out, buffer_slice(&file), err);
		if (code)
			error_wrap(err, "%s", host_btf);
	}
	buffer_free(&file);
	return code;
}

int source_read(const char *path, const char *scratch, struct source *out, struct error *err)
{
	struct file_map map;
	int code;

	*out = (struct source){ 0 };
	if (source_is_host(path))
		return read_host(out, err);
	code = file_map(AT_FDCWD, path, &map, err);
	if (code)
		return code;
	take_name(out, path);
	out->scratch = scratch;
	out->file = map.bytes;
	code = take_any(out, path, map.bytes, 0, err);
	out->file = slice_of(NULL, 0);
	file_unmap(&map);
	return code ? error_wrap(err, "%s", path) : 0;
}

int source_read_entry(const struct btf_archive_entry *entry, struct source *out, struct error *err)
{
	struct btf_archive_reading reading = { 0 };
	struct btf_view view;
	int code;

	*out = (struct source){ 0 };
	set(out->id, entry->key.id);
	set(out->version_id, entry->key.version_id);
	set(out->arch, entry->key.arch);
	set(out->release, entry->key.release);
	set(out->build, entry->build ? entry->build : "");
	set(out->origin, entry->source ? entry->source : strrchr(entry->path, '/') + 1);
	code = btf_archive_read(entry, false, &reading, err);
	if (!code) {
		code = btf_view_open(&view, reading.btf, err);
		if (code)
			error_wrap(err, "%s", entry->path);
		else
			btf_view_close(&view);
	}
	if (!code) {
		code = buffer_append(&out->btf, reading.btf.data, reading.btf.size);
		if (code)
			error_errno(err, code, "%s", entry->path);
	}
	btf_archive_reading_free(&reading);
	return code;
}

void source_free(struct source *source)
{
	buffer_free(&source->btf);
}
