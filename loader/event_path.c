/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "loader/event_path.h"
#include "loader/variable.h"

char *event_name(const char *map, const char *suffix, char name[static EVENT_NAME_SIZE])
{
	snprintf(name, EVENT_NAME_SIZE, "%s%s", map, suffix);
	return name;
}

/* With both maps compiled in: the verifier does not look at the branch that the constant closes. */
static int choose_of_both(struct bpf_object *object, const char *map, struct bpf_map *ring,
			  struct bpf_map *perf, bool use_perf, struct error *err)
{
	char name[EVENT_NAME_SIZE];
	int code;

	code = variable_set(object, event_name(map, EVENT_SWITCH_SUFFIX, name), use_perf, err);
	if (code)
		return code;
	code = bpf_map__set_autocreate(use_perf ? ring : perf, false);
	return code ? error_errno(err, code, "%s: map %s", bpf_object__name(object), map) : 0;
}

/*
 * A declaration may name as the value what the records are (__type(value, struct event)); the
 * kernel wants sizes of its own.
 */
static int set_sizes(struct bpf_map *map)
{
	const uint32_t size = bpf_map__type(map) == BPF_MAP_TYPE_RINGBUF ? 0 : sizeof(uint32_t);
	int code = 0;

	if (bpf_map__key_size(map) != size)
		code = bpf_map__set_key_size(map, size);
	if (!code && bpf_map__value_size(map) != size)
		code = bpf_map__set_value_size(map, size);
	return code;
}

static int choose(struct bpf_object *object, struct bpf_map *main, const char *path,
		  bool kernel_has_ringbuf, bool *use_perf, struct error *err)
{
	const char *map = bpf_map__name(main);
	const char *object_name = bpf_object__name(object);
	char name[EVENT_NAME_SIZE];
	struct bpf_map *perf = bpf_object__find_map_by_name(object,
							    event_name(map, EVENT_PERF_SUFFIX, name));
	bool want_perf = strcmp(path, "perf") == 0 ||
			 (strcmp(path, "auto") == 0 && !kernel_has_ringbuf);

	switch (bpf_map__type(main)) {
	case BPF_MAP_TYPE_PERF_EVENT_ARRAY:
		*use_perf = true;
		if (strcmp(path, "ringbuf") == 0)
			return error_set(err, -ENOENT, "%s: map %s is a perf buffer, and it has no "
					 "ring buffer", object_name, map);
		return 0;
	case BPF_MAP_TYPE_RINGBUF:
		break;
	default:
		return error_set(err, -ENOENT, "%s: map %s is neither a ring buffer nor a perf "
				 "buffer", object_name, map);
	}
	*use_perf = want_perf;
	if (perf && bpf_map__type(perf) == BPF_MAP_TYPE_PERF_EVENT_ARRAY)
		return choose_of_both(object, map, main, perf, want_perf, err);
	if (!want_perf)
		return 0;
	return error_set(err, -ENOENT, "%s: map %s is a ring buffer%s, and there is no perf buffer %s "
			 "beside it (docs/objects.md)", object_name, map,
			 kernel_has_ringbuf ? "" : ", which this kernel does not have", name);
}

int event_path_choose(struct bpf_object *object, const char *map, const char *path,
		      bool kernel_has_ringbuf, bool *use_perf, struct error *err)
{
	struct bpf_map *main = bpf_object__find_map_by_name(object, map);
	int code;

	if (!main)
		return error_set(err, -ENOENT, "%s: has no map %s", bpf_object__name(object), map);
	code = choose(object, main, path, kernel_has_ringbuf, use_perf, err);
	if (code)
		return code;
	code = set_sizes(main);
	return code ? error_errno(err, code, "%s: map %s", bpf_object__name(object), map) : 0;
}

static uint32_t type_of(const struct object *object, const char *map)
{
	size_t i;

	for (i = 0; map && i < object->map_count; i++)
		if (strcmp(object->maps[i].name, map) == 0)
			return object->maps[i].type;
	return BPF_MAP_TYPE_UNSPEC;
}

enum event_way event_way_of(const struct object *object, const char *map, bool kernel_has_ringbuf)
{
	const uint32_t type = type_of(object, map);
	char name[EVENT_NAME_SIZE];
	bool has_perf;

	if (type == BPF_MAP_TYPE_PERF_EVENT_ARRAY)
		return EVENTS_PERF;
	if (type != BPF_MAP_TYPE_RINGBUF)
		return EVENTS_NONE;
	has_perf = type_of(object, event_name(map, EVENT_PERF_SUFFIX, name)) ==
		   BPF_MAP_TYPE_PERF_EVENT_ARRAY;
	if (kernel_has_ringbuf)
		return EVENTS_RINGBUF;
	return has_perf ? EVENTS_PERF_INSTEAD : EVENTS_NONE;
}
