/* SPDX-License-Identifier: BSD-2-Clause */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <linux/magic.h>

#include <bpf/btf.h>

#include "core/hash.h"

#include "host/kernel_btf.h"
#include "host/root.h"

#define FOLDER "sys/kernel/btf"
#define PATH FOLDER "/vmlinux"

static uint32_t hash_of(const char *name)
{
	return hash_name(name, strlen(name));
}

static size_t count_kind(const struct btf_view *view, uint32_t kind)
{
	size_t count = 0;
	uint32_t id;

	for (id = 1; id < view->type_count; id++)
		count += btf_view_type(view, id).kind == kind;
	return count;
}

int kernel_btf_index(struct kernel_btf *btf, uint32_t kind)
{
	struct kernel_btf_names *names = &btf->names[kind];
	uint32_t id, slot, size = 64;
	size_t count;

	if (names->slots)
		return 0;
	count = count_kind(&btf->view, kind);
	while (size < count * 2) /* at most BTF_MAX_TYPES, 2^23 */
		size *= 2;
	names->slots = calloc(size, sizeof(*names->slots));
	if (!names->slots)
		return -ENOMEM;
	names->mask = size - 1;
	for (id = 1; id < btf->view.type_count; id++) {
		struct btf_info type = btf_view_type(&btf->view, id);

		if (type.kind != kind)
			continue;
		slot = hash_of(btf_view_string(&btf->view, type.name_off)) & names->mask;
		while (names->slots[slot])
			slot = (slot + 1) & names->mask;
		names->slots[slot] = id;
	}
	return 0;
}

static int close_bytes(struct kernel_btf *btf, int error)
{
	file_unmap(&btf->map);
	buffer_free(&btf->copy);
	*btf = (struct kernel_btf){ .error = error };
	return error;
}

/*
 * Kernels map this file since 6.16, which saves reading it page by page.  It is as long as it was
 * when the kernel was built; what is no file of sysfs may be cut short while it is mapped.
 */
static bool map_file(int fd, struct file_map *map)
{
	struct statfs system;

	return fstatfs(fd, &system) == 0 && system.f_type == SYSFS_MAGIC &&
	       file_map_fd(fd, PATH, map, NULL) == 0 && map->length > 0;
}

static int read_file(struct kernel_btf *btf, int fd, struct error *err)
{
	struct stat st;
	int code = 0;

	if (map_file(fd, &btf->map)) {
		btf->bytes = btf->map.bytes;
		return 0;
	}
	/* Room for all of it at once, where its size is told. */
	if (fstat(fd, &st) == 0 && st.st_size > 0 && st.st_size <= (off_t)BTF_MAX_SIZE)
		code = buffer_reserve(&btf->copy, (size_t)st.st_size + 1);
	if (code)
		return error_errno(err, code, PATH);
	code = file_read_fd(fd, PATH, BTF_MAX_SIZE, &btf->copy, err);
	btf->bytes = buffer_slice(&btf->copy);
	return code;
}

int kernel_btf_open(struct kernel_btf *btf, int root_fd, struct error *err)
{
	int fd = root_open_file(root_fd, PATH), code;

	*btf = (struct kernel_btf){ .error = 0 };
	if (fd < 0) {
		btf->error = fd;
		return error_errno(err, fd, "/" PATH);
	}
	code = read_file(btf, fd, err);
	close(fd);
	if (!code) {
		code = btf_view_open(&btf->view, btf->bytes, err);
		if (code)
			error_wrap(err, PATH);
	}
	return code ? close_bytes(btf, code) : 0;
}

void kernel_btf_close(struct kernel_btf *btf)
{
	size_t i;

	if (!btf->error)
		btf_view_close(&btf->view);
	for (i = 0; i < KERNEL_BTF_KINDS; i++)
		free(btf->names[i].slots);
	close_bytes(btf, -ENOENT);
}

int kernel_btf_copy(struct kernel_btf *btf, struct slice raw)
{
	static const uint32_t KINDS[] = {
		BTF_KIND_FUNC, BTF_KIND_VAR, BTF_KIND_STRUCT, BTF_KIND_TYPEDEF, BTF_KIND_ENUM,
	};
	size_t i;
	int code;

	*btf = (struct kernel_btf){ .error = 0 };
	code = buffer_append(&btf->copy, raw.data, raw.size);
	btf->bytes = buffer_slice(&btf->copy);
	if (!code)
		code = btf_view_open(&btf->view, btf->bytes, NULL);
	if (code)
		return close_bytes(btf, code);
	for (i = 0; !code && i < sizeof(KINDS) / sizeof(KINDS[0]); i++)
		code = kernel_btf_index(btf, KINDS[i]);
	if (code)
		kernel_btf_close(btf);
	return code;
}

uint32_t kernel_btf_find(const struct kernel_btf *btf, uint32_t kind, const char *name)
{
	const struct kernel_btf_names *names = &btf->names[kind];
	uint32_t slot, found = 0;

	if (!names->slots || !name[0])
		return 0;
	for (slot = hash_of(name) & names->mask; names->slots[slot];
	     slot = (slot + 1) & names->mask) {
		uint32_t id = names->slots[slot];

		/* The first by id, as libbpf and the kernel look. */
		if ((!found || id < found) &&
		    strcmp(btf_view_string(&btf->view, btf_view_type(&btf->view, id).name_off),
			   name) == 0)
			found = id;
	}
	return found;
}

int kernel_btf_has_value(const struct kernel_btf *btf, const char *enumeration, uint64_t value)
{
	uint32_t id = kernel_btf_find(btf, BTF_KIND_ENUM, enumeration), i;
	struct btf_info type;

	if (!id)
		return -ENOENT;
	type = btf_view_type(&btf->view, id);
	for (i = 0; i < type.vlen; i++) {
		struct btf_enumerator entry = btf_info_enumerator(&type, i);

		if (entry.value == value &&
		    strncmp(btf_view_string(&btf->view, entry.name_off), "__", 2) != 0)
			return 1;
	}
	return 0;
}

/* 1 when the split BTF in a file adds it to its base.  libbpf takes such a file by name only. */
static int find_in_split(int fd, struct btf *base, uint32_t kind, const char *name)
{
	char path[64];
	struct btf *split;
	uint32_t id, count;
	int found = 0;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	split = btf__parse_raw_split(path, base);
	if (!split)
		return -errno;
	count = btf__type_cnt(split);
	for (id = btf__type_cnt(base); !found && id < count; id++) {
		const struct btf_type *type = btf__type_by_id(split, id);

		found = btf_kind(type) == kind &&
			strcmp(btf__name_by_offset(split, type->name_off), name) == 0;
	}
	btf__free(split);
	return found;
}

static int find_in_module(int root_fd, const char *module, struct btf *base, uint32_t kind,
			  const char *name)
{
	char path[sizeof(FOLDER) + NAME_MAX + 2];
	int fd, found;

	snprintf(path, sizeof(path), FOLDER "/%s", module);
	fd = root_open_file(root_fd, path);
	if (fd < 0)
		return fd;
	found = find_in_split(fd, base, kind, name);
	close(fd);
	return found;
}

static bool is_module(const struct dirent *entry)
{
	return entry->d_name[0] != '.' && strcmp(entry->d_name, "vmlinux") != 0;
}

/* The modules' BTFs are read only now: most kernels that are asked have the name themselves. */
static int find_in(DIR *folder, const struct kernel_btf *btf, int root_fd, uint32_t kind,
		   const char *name)
{
	struct btf *base = NULL;
	struct dirent *entry;
	int found = 0, failed = 0;

	while (found <= 0 && (entry = readdir(folder))) {
		if (!is_module(entry))
			continue;
		if (!base)
			base = btf__new(btf->bytes.data, (uint32_t)btf->bytes.size);
		if (!base)
			return -errno;
		found = find_in_module(root_fd, entry->d_name, base, kind, name);
		/* One that was unloaded meanwhile has nothing; any other may have it. */
		if (found < 0 && found != -ENOENT)
			failed = found;
	}
	btf__free(base);
	return found > 0 ? found : failed;
}

int kernel_btf_find_in_modules(const struct kernel_btf *btf, int root_fd, uint32_t kind,
			       const char *name)
{
	int fd = root_open_file(root_fd, FOLDER), found;
	DIR *folder;

	if (fd < 0)
		return fd;
	folder = fdopendir(fd);
	if (!folder) {
		found = -errno;
		close(fd);
		return found;
	}
	found = find_in(folder, btf, root_fd, kind, name);
	closedir(folder);
	return found;
}
