/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/btf.h>

#include "tests/truth/events.h"

/* Where a constant stands within .rodata; -1 when the object has none of that name. */
static long offset_of(const struct bpf_object *object, const char *name)
{
	const struct btf *btf = bpf_object__btf(object);
	int i, id = btf ? btf__find_by_name_kind(btf, ".rodata", BTF_KIND_DATASEC) : -ENOENT;
	const struct btf_type *section = id < 0 ? NULL : btf__type_by_id(btf, (unsigned int)id);
	const struct btf_var_secinfo *variable = section ? btf_var_secinfos(section) : NULL;

	for (i = 0; section && i < btf_vlen(section); i++, variable++)
		if (strcmp(btf__name_by_offset(btf, btf__type_by_id(btf, variable->type)->name_off),
			   name) == 0)
			return variable->offset;
	return -1;
}

static int set_bool(struct bpf_object *object, const char *name, bool value)
{
	struct bpf_map *map = bpf_object__find_map_by_name(object, ".rodata");
	const long offset = offset_of(object, name);
	const void *initial;
	char *bytes = NULL;
	size_t size = 0;
	int code = -ENOENT;

	initial = map ? bpf_map__initial_value(map, &size) : NULL;
	if (initial && offset >= 0 && (size_t)offset < size)
		bytes = malloc(size);
	if (bytes) {
		memcpy(bytes, initial, size);
		bytes[offset] = value;
		code = bpf_map__set_initial_value(map, bytes, size);
	}
	free(bytes);
	return code;
}

/* EPERM says nothing: loading will tell. */
static bool kernel_has_ring_buffer(void)
{
	int fd = bpf_map_create(BPF_MAP_TYPE_RINGBUF, NULL, 0, 0, (unsigned int)getpagesize(), NULL);

	if (fd >= 0)
		close(fd);
	return fd >= 0 || fd == -EPERM;
}

void events_choose(struct bpf_object *object)
{
	struct bpf_map *ring = bpf_object__find_map_by_name(object, "events");
	struct bpf_map *perf = bpf_object__find_map_by_name(object, "events_perf");
	bool use_perf;

	if (!ring || !perf || offset_of(object, "events_use_perf") < 0)
		return;
	use_perf = !kernel_has_ring_buffer();
	if (set_bool(object, "events_use_perf", use_perf) == 0)
		bpf_map__set_autocreate(use_perf ? ring : perf, false);
}
