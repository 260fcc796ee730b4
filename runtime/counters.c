/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "loader/event_path.h"
#include "loader/event_size.h"

#include "runtime/counters.h"

static int map_counts(struct counters *counters, const struct bpf_map *map, struct error *err)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	void *address;

	counters->cpus = bpf_map__max_entries(map);
	counters->size = ((size_t)counters->cpus * EVENT_COUNTS_SIZE + page - 1) / page * page;
	address = mmap(NULL, counters->size, PROT_READ, MAP_SHARED, bpf_map__fd(map), 0);
	if (address == MAP_FAILED)
		return error_errno(err, -errno, "map %s: cannot be mapped", bpf_map__name(map));
	counters->mapped = address;
	return 0;
}

int counters_open(const struct loaded *loaded, const char *map, struct counters *out,
		  struct error *err)
{
	struct bpf_map *counts = event_counts_map(loaded->object, map);
	char name[EVENT_NAME_SIZE];
	int cpus;

	*out = (struct counters){ .lost_map = -1 };
	if (counts)
		return map_counts(out, counts, err);
	out->lost_map = bpf_object__find_map_fd_by_name(loaded->object,
							event_name(map, EVENT_LOST_SUFFIX, name));
	if (out->lost_map < 0)
		return 0;
	/* libbpf reads it from a file the first time, and the sandbox is going to be in the way. */
	cpus = libbpf_num_possible_cpus();
	return cpus < 0 ? error_errno(err, cpus, "map %s: the number of CPUs", map) : 0;
}

void counters_close(struct counters *counters)
{
	if (counters->mapped)
		munmap(counters->mapped, counters->size);
	*counters = (struct counters){ .lost_map = -1 };
}

/* On a 32-bit host a number can be read half before and half after it was counted up. */
static uint64_t load_counter(const volatile uint64_t *counter)
{
	uint64_t value;

	do
		value = *counter;
	while (value != *counter);
	return value;
}

static void sum_mapped(const struct counters *counters, struct counts *out)
{
	const uint8_t *element = counters->mapped;
	uint32_t cpu;

	for (cpu = 0; cpu < counters->cpus; cpu++, element += EVENT_COUNTS_SIZE) {
		out->sent += load_counter((const void *)(element + EVENT_COUNTS_SENT));
		out->lost += load_counter((const void *)(element + EVENT_COUNTS_LOST));
	}
	out->sent_known = out->lost_known = true;
}

static int sum_per_cpu(int map, struct counts *out)
{
	int cpus = libbpf_num_possible_cpus(), cpu, code = 0;
	uint64_t *values;
	uint32_t zero = 0;

	if (cpus < 0)
		return cpus;
	values = calloc((size_t)cpus, sizeof(*values));
	if (!values)
		return -ENOMEM;
	if (bpf_map_lookup_elem(map, &zero, values))
		code = -errno;
	for (cpu = 0; cpu < cpus && !code; cpu++)
		out->lost += values[cpu];
	out->lost_known = !code;
	free(values);
	return code;
}

int counters_read(const struct counters *counters, struct counts *out)
{
	*out = (struct counts){ 0 };
	if (counters->mapped)
		sum_mapped(counters, out);
	else if (counters->lost_map >= 0)
		return sum_per_cpu(counters->lost_map, out);
	return 0;
}
