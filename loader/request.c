/* SPDX-License-Identifier: BSD-2-Clause */
#include <libgen.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host/kconfig.h"
#include "host/root.h"

#include "loader/externs.h"
#include "loader/request.h"

static bool is_event_map(const struct object_map *map)
{
	return map->type == BPF_MAP_TYPE_RINGBUF || map->type == BPF_MAP_TYPE_PERF_EVENT_ARRAY;
}

/*
 * The manifest's map; of an object that the manifest does not describe, the only one that could be
 * meant.
 */
static const char *events_map(const struct subject *subject)
{
	const struct object *object = subject->object;
	const char *wanted = subject->manifest ? subject->manifest->events_map : NULL;
	const char *found = NULL;
	size_t i, candidates = 0;

	if (!subject->given)
		return wanted;
	for (i = 0; i < object->map_count; i++) {
		if (!is_event_map(&object->maps[i]))
			continue;
		if (wanted && strcmp(object->maps[i].name, wanted) == 0)
			return wanted;
		if (candidates++ == 0 || strcmp(object->maps[i].name, "events") == 0)
			found = object->maps[i].name;
	}
	return found;
}

struct load_request request_of(const struct subject *subject, const char *btf_path,
			       const char *events_path)
{
	return (struct load_request){
		.object = subject->bytes,
		.name = subject->name,
		.btf_path = btf_path,
		.needs = subject->needs,
		.plan = subject->plan,
		.events_map = events_map(subject),
		.events_path = events_path ? events_path : "auto",
		.events_size = subject->manifest ? subject->manifest->events_size : 0,
		.kernel_has_ringbuf = subject->facts->ringbuf.truth != TRUTH_NO,
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
