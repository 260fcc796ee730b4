/* SPDX-License-Identifier: BSD-2-Clause */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "btfpack/distro.h"
#include "btfpack/layout.h"

enum { PART_MAX_LENGTH = 128 };

const char *const layout_suffixes[] = {
	"", ".zst", ".tar.xz", ".xz", ".lz4", ".gz", ".bz2", ".tar", ".tar.zst", ".tar.lz4", ".tar.gz",
	".tar.bz2", NULL,
};

static const char *const known_archs[] = {
	"x86_64", "arm64", "i386", "arm", "riscv64", "ppc64le", "s390x", "loongarch64", NULL,
};

static bool is_one_of(const char *text, const char *const *list)
{
	for (; *list; list++)
		if (strcmp(text, *list) == 0)
			return true;
	return false;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

const char *layout_extension(const char *name)
{
	const char *at, *last = NULL;

	for (at = name; (at = strstr(at, ".btf")); at++)
		last = at;
	return last && last != name ? last : NULL;
}

/* As file_publish() makes them, NAME.PID.tmp, of what import writes. */
static bool is_temporary(const char *name)
{
	const char *dot = strrchr(name, '.');

	if (!dot || strcmp(dot, ".tmp") != 0)
		return false;
	while (dot > name && isdigit((unsigned char)dot[-1]))
		dot--;
	return isdigit((unsigned char)*dot) && dot > name && dot[-1] == '.' &&
	       (strstr(name, ".btf.") || strncmp(name, ".vmlinux.", 9) == 0);
}

enum layout_kind layout_name_kind(const char *path)
{
	const char *name = base_name(path), *extension = layout_extension(name);

	if (is_temporary(name))
		return LAYOUT_TEMPORARY;
	if (!extension)
		return LAYOUT_FOREIGN;
	if (strcmp(extension, ".btf.json") == 0)
		return LAYOUT_SIDE;
	return is_one_of(extension + 4, layout_suffixes) ? LAYOUT_BTF : LAYOUT_FOREIGN;
}

/* Cuts the last component off path and gives it; NULL when there is none. */
static char *take_last(char *path)
{
	char *slash = strrchr(path, '/');

	if (!slash || slash[1] == '\0')
		return NULL;
	*slash = '\0';
	return slash + 1;
}

bool layout_is_module_directory(const char *path)
{
	char copy[PATH_MAX];

	if ((size_t)snprintf(copy, sizeof(copy), "%s", path) >= sizeof(copy) || !take_last(copy))
		return false;
	return is_one_of(base_name(copy), known_archs);
}

bool layout_split(const char *path, struct layout_parts *out, struct error *err)
{
	const char *extension;
	char *name;

	if ((size_t)snprintf(out->path, sizeof(out->path), "%s", path) >= sizeof(out->path)) {
		error_errno(err, -ENAMETOOLONG, "%s", path);
		return false;
	}
	name = take_last(out->path);
	out->key.arch = take_last(out->path);
	out->key.version_id = out->key.arch ? take_last(out->path) : NULL;
	out->key.id = out->key.version_id ? take_last(out->path) : NULL;
	extension = name ? layout_extension(name) : NULL;
	if (!extension) {
		error_set(err, -EINVAL, "its name is not RELEASE.btf");
		return false;
	}
	name[extension - name] = '\0';
	out->key.release = name;
	if (out->key.id)
		out->key.version_id = distro_version_id(out->key.id, out->key.version_id);
	return btf_archive_key_valid(&out->key, err);
}

int layout_side_path(const char *btf_path, char side[static PATH_MAX])
{
	const char *extension = layout_extension(base_name(btf_path));
	int stem = extension ? (int)(extension - btf_path) : (int)strlen(btf_path);

	if (snprintf(side, PATH_MAX, "%.*s.btf.json", stem, btf_path) >= PATH_MAX)
		return -ENAMETOOLONG;
	return 0;
}

bool layout_is_btf(struct slice file)
{
	return file.size >= 2 && ((file.data[0] == 0x9f && file.data[1] == 0xeb) ||
				  (file.data[0] == 0xeb && file.data[1] == 0x9f));
}

/* What may be one component of a path and an os-release value or a release. */
static bool part_is_valid(const char *part)
{
	const char *at;

	if (!isalnum((unsigned char)part[0]) || strlen(part) > PART_MAX_LENGTH)
		return false;
	for (at = part; *at; at++)
		if (!isalnum((unsigned char)*at) && !strchr("._+-~:", *at))
			return false;
	return true;
}

bool btf_archive_key_valid(const struct btf_archive_key *key, struct error *err)
{
	const struct {
		const char *name, *option, *value;
	} parts[] = {
		{ "ID", "--id", key->id },
		{ "VERSION_ID", "--version-id", key->version_id },
		{ "architecture", "--arch", key->arch },
		{ "kernel release", "--release", key->release },
	};
	size_t i;

	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (!parts[i].value || !*parts[i].value) {
			error_set(err, -EINVAL, "its %s is not known: neither the file nor a place "
				  "ID/VERSION_ID/ARCH/RELEASE.btf tells it (%s)", parts[i].name,
				  parts[i].option);
			return false;
		}
		if (!part_is_valid(parts[i].value)) {
			error_set(err, -EINVAL, "its %s '%.64s' has characters that none has (%s)",
				  parts[i].name, parts[i].value, parts[i].option);
			return false;
		}
	}
	if (!is_one_of(key->arch, known_archs)) {
		error_set(err, -EINVAL, "'%.64s' is not an architecture that archives have (x86_64, "
			  "arm64 ...): not in a place ID/VERSION_ID/ARCH/RELEASE.btf", key->arch);
		return false;
	}
	return true;
}

int btf_archive_key_compare(const struct btf_archive_key *a, const struct btf_archive_key *b)
{
	int order = strcmp(a->id, b->id);

	if (!order)
		order = strcmp(a->version_id, b->version_id);
	if (!order)
		order = strcmp(a->arch, b->arch);
	return order ? order : strcmp(a->release, b->release);
}

static int copy(const char **out, const char *text)
{
	*out = strdup(text);
	return *out ? 0 : -ENOMEM;
}

int layout_key_copy(struct btf_archive_key *out, const struct btf_archive_key *key)
{
	*out = (struct btf_archive_key){ 0 };
	return copy(&out->id, key->id) || copy(&out->version_id, key->version_id) ||
			       copy(&out->arch, key->arch) || copy(&out->release, key->release)
		       ? -ENOMEM
		       : 0;
}

void layout_key_free(struct btf_archive_key *key)
{
	free((char *)(uintptr_t)key->id);
	free((char *)(uintptr_t)key->version_id);
	free((char *)(uintptr_t)key->arch);
	free((char *)(uintptr_t)key->release);
	*key = (struct btf_archive_key){ 0 };
}
