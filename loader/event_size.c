/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <unistd.h>

#include "loader/event_path.h"
#include "loader/event_size.h"

struct bpf_map *event_counts_map(const struct bpf_object *object, const char *map)
{
	char name[EVENT_NAME_SIZE];
	struct bpf_map *counts = bpf_object__find_map_by_name(object,
							      event_name(map, EVENT_COUNTS_SUFFIX, name));

	return counts && bpf_map__type(counts) == BPF_MAP_TYPE_ARRAY &&
	       bpf_map__map_flags(counts) & BPF_F_MMAPABLE &&
	       bpf_map__value_size(counts) == EVENT_COUNTS_SIZE ? counts : NULL;
}

static int set_counts(struct bpf_object *object, const char *map, struct error *err)
{
	struct bpf_map *counts = event_counts_map(object, map);
	int cpus = libbpf_num_possible_cpus(), code;

	/*
	 * Without /sys nobody knows how many there can be.  One element counts as exactly, for
	 * programs add atomically, and CPUs that have none of their own use the first.
	 */
	if (!counts || cpus < 0)
		return 0;
	code = bpf_map__set_max_entries(counts, (uint32_t)cpus);
	return code ? error_errno(err, code, "%s: map %s", bpf_object__name(object),
				  bpf_map__name(counts)) : 0;
}

int event_sizes_set(struct bpf_object *object, const char *map, bool use_perf, uint32_t size,
		    struct error *err)
{
	struct bpf_map *ring = bpf_object__find_map_by_name(object, map);
	long page = sysconf(_SC_PAGESIZE);
	int code = set_counts(object, map, err);

	if (code || size == 0)
		return code;
	if (size % (uint32_t)page)
		return error_set(err, -EINVAL, "a buffer of %u bytes: must be a multiple of this host's "
				 "pages of %ld", size, page);
	if (use_perf)
		return 0;
	code = bpf_map__set_max_entries(ring, size);
	return code ? error_errno(err, code, "%s: map %s", bpf_object__name(object), map) : 0;
}
