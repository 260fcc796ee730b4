/* SPDX-License-Identifier: BSD-2-Clause */
#include <libgen.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host/kconfig.h"
#include "host/root.h"

#include "loader/event_path.h"
#include "loader/externs.h"
#include "loader/request.h"

#define EVENTS_MAP "events"

static bool is_event_map(const struct object_map *map)
{
	return map->type == BPF_MAP_TYPE_RINGBUF || map->type == BPF_MAP_TYPE_PERF_EVENT_ARRAY;
}

/* The perf buffer that stands in for a ring buffer is no choice of its own (event_path.h). */
static bool is_twin(const struct object *object, const char *name)
{
	char twin[EVENT_NAME_SIZE];
	size_t i;

	for (i = 0; i < object->map_count; i++)
		if (object->maps[i].type == BPF_MAP_TYPE_RINGBUF &&
		    strcmp(event_name(object->maps[i].name, EVENT_PERF_SUFFIX, twin), name) == 0)
			return true;
	return false;
}

/* The only map of this type; of several, the one called "events"; else NULL. */
static const char *only_map(const struct object *object, uint32_t type)
{
	const char *found = NULL;
	size_t i, count = 0;

	for (i = 0; i < object->map_count; i++) {
		const char *name = object->maps[i].name;

		if (object->maps[i].type != type || is_twin(object, name))
			continue;
		if (strcmp(name, EVENTS_MAP) == 0)
			return name;
		found = name;
		count++;
	}
	return count == 1 ? found : NULL;
}

/*
 * The manifest's map; of an object that the manifest does not describe, the only one that could be
 * meant.
 */
static const char *events_map(const struct subject *subject)
{
	const struct object *object = subject->object;
	const char *wanted = subject->manifest ? subject->manifest->events_map : NULL;
	const char *found;
	size_t i;

	if (!subject->given)
		return wanted;
	for (i = 0; wanted && i < object->map_count; i++)
		if (is_event_map(&object->maps[i]) && strcmp(object->maps[i].name, wanted) == 0)
			return wanted;
	found = only_map(object, BPF_MAP_TYPE_RINGBUF);
	return found ? found : only_map(object, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
}

bool request_has_buffers(const struct object *object)
{
	size_t i;

	for (i = 0; i < object->map_count; i++)
		if (is_event_map(&object->maps[i]))
			return true;
	return false;
}

struct settings request_settings(const struct subject *subject)
{
	const bool own = subject->manifest && !subject->given;

	return (struct settings){
		.defaults = own ? subject->manifest->settings : NULL,
		.default_count = own ? subject->manifest->setting_count : 0,
		.given = subject->sets,
		.given_count = subject->set_count,
	};
}

struct load_request request_of(const struct subject *subject, const char *btf_path,
			       const char *events_path)
{
	const struct manifest *manifest = subject->manifest;
	const char *map = events_map(subject);

	return (struct load_request){
		.object = subject->bytes,
		.name = subject->name,
		.btf_path = btf_path,
		.needs = subject->needs,
		.plan = subject->plan,
		.events_map = map,
		.events_struct = map && manifest && map == manifest->events_map ?
				 manifest->events_struct : NULL,
		.events_path = events_path ? events_path : "auto",
		.events_size = subject->manifest ? subject->manifest->events_size : 0,
		.kernel_has_ringbuf = subject->facts->ringbuf.truth != TRUTH_NO,
		.settings = request_settings(subject),
	};
}

char *request_object_name(const char *path)
{
	char *copy = strdup(path), *name = NULL, *end;

	if (copy)
		name = strdup(basename(copy));
	free(copy);
	end = name ? strstr(name, ".bpf.o") : NULL;
	if (end && end != name)
		*end = '\0';
	return name;
}

int request_kconfig(const struct object *object, const char *root, const char *release,
		    struct buffer *out, struct error *err)
{
	struct kconfig *kconfig;
	char path[PATH_MAX];
	int code, fd;

	if (!externs_ask(object))
		return 0;
	fd = root_open(root, err);
	if (fd < 0)
		return fd;
	/* None at all is no failure yet: weak externs do without. */
	kconfig_read(fd, release, true, path, sizeof(path), &kconfig);
	close(fd);
	code = externs_write(object, kconfig, out, err);
	kconfig_free(kconfig);
	return code;
}
